"""A Modbus server made of pymodbus 3.0, against which MeterLab's client is tested.

    pymodbus_server.py tcp UNIT  TABLE:ADDRESS=VALUE ...         prints "ready PORT"
    pymodbus_server.py DEVICE UNIT  TABLE:ADDRESS=VALUE ...      RTU, 9600 8N1, prints "ready 0"

TABLE is 3 (holding) or 4 (input); ADDRESS and VALUE are one register each, 0x allowed.
"""
import asyncio
import ctypes
import signal
import sys

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server.async_io import ModbusSerialServer, ModbusTcpServer


async def main():
    """Serves until killed, or until the test that started it dies."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    device, unit = sys.argv[1], int(sys.argv[2])
    tables = {3: [0] * 65536, 4: [0] * 65536}
    for item in sys.argv[3:]:
        place, value = item.split("=")
        table, address = place.split(":")
        tables[int(table, 0)][int(address, 0)] = int(value, 0)
    slave = ModbusSlaveContext(
        hr=ModbusSequentialDataBlock(0, tables[3]), ir=ModbusSequentialDataBlock(0, tables[4]), zero_mode=True)
    context = ModbusServerContext(slaves={unit: slave}, single=False)
    if device == "tcp":
        server = ModbusTcpServer(context, address=("127.0.0.1", 0))
        serving = asyncio.ensure_future(server.serve_forever())
        await server.serving
        print("ready", server.server.sockets[0].getsockname()[1], flush=True)
        await serving
    else:
        server = ModbusSerialServer(context, port=device, baudrate=9600, timeout=1)
        await server.start()
        if server.transport is None:
            sys.exit("the serial line did not open")
        print("ready 0", flush=True)
        await asyncio.Event().wait()


asyncio.run(main())
