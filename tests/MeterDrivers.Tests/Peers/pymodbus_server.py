"""A Modbus server made of pymodbus 3.0, against which MeterLab's client is tested.

    pymodbus_server.py WIRE UNIT  TABLE:ADDRESS=VALUE ...  [refuse:ADDRESS ...] [locked:ADDRESS ...]

WIRE as in pymodbus_wire.py; TABLE is 3 (holding) or 4 (input); ADDRESS and VALUE are one register each, 0x allowed. Holding registers can be written, and
each that is prints "written ADDRESS VALUE"; one that is refused answers with an exception, one that is locked answers well and stays as it is.
"""
import asyncio
import sys

import pymodbus_wire
from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext

WRITES = (6, 16)


class Device(ModbusSlaveContext):
    """A device with registers that it does not let anybody change."""

    def __init__(self, tables, refused, locked):
        super().__init__(hr=ModbusSequentialDataBlock(0, tables[3]), ir=ModbusSequentialDataBlock(0, tables[4]), zero_mode=True)
        self.refused, self.locked, self.told = refused, locked, {}

    def validate(self, fc_as_hex, address, count=1):
        if fc_as_hex in WRITES and self.refused.intersection(range(address, address + count)):
            return False
        return super().validate(fc_as_hex, address, count)

    def setValues(self, fc_as_hex, address, values):
        for place, value in enumerate(values, start=address):
            print("written", place, value, flush=True)
            self.told[place] = value
            if place not in self.locked:
                super().setValues(fc_as_hex, place, [value])

    def getValues(self, fc_as_hex, address, count=1):
        if fc_as_hex in WRITES:  # for the answer to a write
            return [self.told[place] for place in range(address, address + count)]
        return super().getValues(fc_as_hex, address, count)


async def main():
    """Reads the arguments and serves."""
    pymodbus_wire.begin()
    wire, unit = sys.argv[1], int(sys.argv[2])
    tables = {3: [0] * 65536, 4: [0] * 65536}
    kept = {"refuse": set(), "locked": set()}
    for item in sys.argv[3:]:
        place, _, value = item.partition("=")
        table, address = place.split(":")
        if table in kept:
            kept[table].add(int(address, 0))
        else:
            tables[int(table, 0)][int(address, 0)] = int(value, 0)
    device = Device(tables, kept["refuse"], kept["locked"])
    await pymodbus_wire.serve(ModbusServerContext(slaves={unit: device}, single=False), wire)


asyncio.run(main())
