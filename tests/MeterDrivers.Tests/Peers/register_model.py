"""How a test's meter lays values into its registers and which requests it refuses. Shares nothing with MeterLab's own decoder."""
import struct

WH, KWH = 3600.0, 3.6e6
KILO, MILLI = 1000.0, 0.001

FORMATS = {"u16": ">H", "i16": ">h", "u32": ">I", "i32": ">i", "u64": ">Q", "i64": ">q", "f32": ">f", "f64": ">d"}


def words(kind, order, value):
    """The registers of a value: bytes A B C D … highest first, then put into the order of the wire."""
    raw = struct.pack(FORMATS[kind], value)
    pairs = [raw[i:i + 2] for i in range(0, len(raw), 2)]
    if order in ("CDAB", "DCBA"):
        pairs.reverse()
    if order in ("BADC", "DCBA"):
        pairs = [pair[::-1] for pair in pairs]
    return [pair[0] << 8 | pair[1] for pair in pairs]


def letters(text, registers):
    """A text, two letters a register, filled up with spaces."""
    raw = text.ljust(2 * registers).encode("ascii")
    return [raw[i] << 8 | raw[i + 1] for i in range(0, len(raw), 2)]


class Model:
    """One meter: its values as (channel, quantity, SI value), its registers by function, and what it refuses."""

    def __init__(self, name, function, kind, order="ABCD", options="", rtu=True):
        self.name, self.function, self.kind, self.order, self.options, self.rtu = name, function, kind, order, options, rtu
        self.expected = []
        self.serial = ""
        self.tables = {3: {}, 4: {}}
        self.starts, self.ends = set(), set()
        self.longest = 125
        self.even = False
        self.whole_values = False
        self.singly = ()
        self.filled = []

    def put(self, function, address, registers):
        """Registers that are no quantity: identity, settings, what lies between."""
        self.starts.add(address)
        self.ends.add(address + len(registers))
        for i, register in enumerate(registers):
            self.tables[function][address + i] = register

    def fill(self, first, last):
        """A stretch that the meter serves without telling here what is in it."""
        self.filled.append((first, last))

    def add(self, channel, quantity, address, factor=1.0, kind=None, value=None, expect=None):
        """One value; without a value one that no other row has, below zero now and then where the type and the quantity can be."""
        kind = kind or self.kind
        if value is None:
            value = self._value(quantity, kind, factor)
        self.put(self.function, address, words(kind, self.order, value))
        stored = struct.unpack(FORMATS[kind], struct.pack(FORMATS[kind], value))[0]
        self.expected.append((channel, quantity, stored * factor if expect is None else expect))

    def each(self, channels, quantity, addresses, factor=1.0, kind=None):
        """One value a channel."""
        for channel, address in zip(channels, addresses):
            self.add(channel, quantity, address, factor, kind)

    def _value(self, quantity, kind, factor):
        number = len(self.expected)
        real = kind[0] == "f"
        if quantity in ("voltage", "frequency"):
            wanted = (229.5 + 0.5 * (number % 8) if quantity == "voltage" else 50.25) / factor
            return wanted if real else round(wanted)
        signed = kind[0] != "u" and quantity in ("active-power", "reactive-power", "power-factor") and number % 2 == 1
        size = {"16": 300 + number, "32": 70_000 + 7 * number, "64": 5_000_000_000 + 11 * number}[kind[1:]]
        if real:
            size = 0.5 + 0.25 * number if quantity == "power-factor" or factor == KILO else 200 + 0.5 * number
        return -size if signed else size

    def accepts(self, function, address, count):
        """Whether a request for these registers is answered with values."""
        asked = range(address, address + count)
        if count > self.longest or (self.even and (address % 2 or count % 2)):
            return False
        if self.whole_values and (address not in self.starts or address + count not in self.ends):
            return False
        if count > 1 and any(first <= at <= last for at in asked for first, last in self.singly):
            return False
        table = self.tables.get(function, {})
        return all(at in table or any(first <= at <= last for first, last in self.filled) for at in asked)

    def values(self, function, address, count):
        """The registers of an accepted request."""
        return [self.tables[function].get(at, 0) for at in range(address, address + count)]
