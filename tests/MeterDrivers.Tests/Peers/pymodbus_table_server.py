"""A pymodbus 3.0 server of every meter in register_tables.py, one unit number each.

    pymodbus_table_server.py tcp|rtu-tcp|DEVICE|dump  [MODEL ... | MODEL@UNIT ...]

Prints "meter UNIT MODEL OPTIONS" and "serial UNIT TEXT", "value UNIT CHANNEL QUANTITY SI-VALUE" for each, then "ready PORT". A request that the
meter would refuse is answered with exception 2. On a serial line, or behind a gateway (rtu-tcp), only those that have such a port.
"dump" serves nothing, but prints "register UNIT TABLE ADDRESS VALUE" too, for another server.
"""
import asyncio
import sys

import pymodbus_wire
from pymodbus.datastore import ModbusServerContext
from pymodbus.interfaces import IModbusSlaveContext
from register_tables import MODELS


class TableSlave(IModbusSlaveContext):
    """One meter behind pymodbus' own protocol code."""

    def __init__(self, model):
        self.model = model

    def validate(self, fc_as_hex, address, count=1):
        return fc_as_hex in (3, 4) and self.model.accepts(fc_as_hex, address, count)

    def getValues(self, fc_as_hex, address, count=1):
        return self.model.values(fc_as_hex, address, count)


async def main():
    """Tells what is in the tables, and serves them."""
    pymodbus_wire.begin()
    wire = sys.argv[1]
    wanted = dict(word.partition("@")[::2] for word in sys.argv[2:])
    models = [m for m in MODELS if (not wanted or m.name in wanted) and (wire in ("tcp", "dump") or m.rtu)]
    units = {int(wanted.get(m.name) or number): m for number, m in enumerate(models, start=1)}
    for unit, model in units.items():
        print("meter", unit, model.name, model.options)
        print("serial", unit, model.serial)
        for channel, quantity, value in model.expected:
            print("value", unit, channel, quantity, repr(value))
        if wire == "dump":
            for table, registers in model.tables.items():
                for address, value in registers.items():
                    print("register", unit, table, address, value)
    if wire == "dump":
        print("ready 0", flush=True)
        return
    context = ModbusServerContext(slaves={unit: TableSlave(model) for unit, model in units.items()}, single=False)
    await pymodbus_wire.serve(context, wire)


asyncio.run(main())
