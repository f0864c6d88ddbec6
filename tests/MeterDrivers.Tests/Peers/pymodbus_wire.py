"""Serves a pymodbus 3.0 context on the wire that a test asked for, until killed, or until the test that started it dies."""
import asyncio
import ctypes
import signal
import sys

from pymodbus.server.async_io import ModbusSerialServer, ModbusTcpServer
from pymodbus.transaction import ModbusRtuFramer, ModbusSocketFramer

DIES_WITH_ITS_PARENT = 1  # PR_SET_PDEATHSIG


def begin():
    """First of all: a test that is killed leaves no server behind."""
    ctypes.CDLL(None).prctl(DIES_WITH_ITS_PARENT, signal.SIGKILL)


async def serve(context, wire):
    """tcp, rtu-tcp (RTU frames as behind a gateway), or a serial device, RTU, 9600 8N1. Prints "ready PORT"; 0 on a serial line."""
    if wire in ("tcp", "rtu-tcp"):
        framer = ModbusRtuFramer if wire == "rtu-tcp" else ModbusSocketFramer
        server = ModbusTcpServer(context, framer=framer, address=("127.0.0.1", 0))
        serving = asyncio.ensure_future(server.serve_forever())
        await server.serving
        print("ready", server.server.sockets[0].getsockname()[1], flush=True)
        await serving
    else:
        # On a line nobody answers for a unit that is not there.
        server = ModbusSerialServer(context, port=wire, baudrate=9600, timeout=1, ignore_missing_slaves=True)
        await server.start()
        if server.transport is None:
            sys.exit("the serial line did not open")
        print("ready 0", flush=True)
        await asyncio.Event().wait()
