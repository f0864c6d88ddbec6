"""What the tables of the tests have in common: the list that they fill, and the names of channels."""
from register_model import Model

PHASES = ["l1", "l2", "l3"]
LINES = ["l1-l2", "l2-l3", "l3-l1"]
MODELS = []


def model(name, function, kind, order="ABCD", options="", rtu=True):
    MODELS.append(Model(name, function, kind, order, options, rtu))
    return MODELS[-1]


def every(first, step, count=3):
    return [first + step * i for i in range(count)]
