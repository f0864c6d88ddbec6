using System.Buffers.Binary;

using MeterLab.VirtualRig.Faults;

namespace MeterLab.VirtualRig.Wires;

/// <summary>
/// The serving side of Modbus, the same over TCP and RTU: a request's PDU in, a reply's PDU out (Modbus application protocol V1.1b3).
/// Shares no code with the client, so that a mistake there is not answered by the same mistake here.
/// </summary>
internal sealed class ModbusSlave
{
    /// <summary>The function is none of ours.</summary>
    public const byte IllegalFunction = 1;

    /// <summary>Such an address is not there, or may not be asked for like this.</summary>
    public const byte IllegalAddress = 2;

    /// <summary>A count or value is out of its limits.</summary>
    public const byte IllegalValue = 3;

    /// <summary>A gateway has no such unit behind it.</summary>
    public const byte NoSuchUnit = 11;

    private readonly Dictionary<byte, IModbusUnit> _units = [];

    /// <summary>Adds a unit, 1 to 247.</summary>
    public void Add(byte address, IModbusUnit unit)
    {
        lock (_units)
            _units.Add(address, unit);
    }

    /// <summary>The unit of an address; null where there is none.</summary>
    public IModbusUnit? Find(byte address)
    {
        lock (_units)
            return _units.GetValueOrDefault(address);
    }

    /// <summary>Answers a request and returns the reply's length. <paramref name="reply"/> holds 253 bytes at least.</summary>
    public static int Answer(IModbusUnit unit, ReadOnlySpan<byte> request, Span<byte> reply, Fault? fault)
    {
        if (request.IsEmpty)
            return 0;
        if (fault is { Kind: FaultKind.Exception })
            return Refuse(request[0], (byte)fault.Parameter, reply);
        var (length, refusal) = request[0] switch
        {
            3 or 4 => Read(unit, request, reply),
            6 => WriteOne(unit, request, reply),
            16 => WriteSeveral(unit, request, reply),
            _ => (0, IllegalFunction),
        };
        return refusal == 0 ? length : Refuse(request[0], refusal, reply);
    }

    /// <summary>An exception's PDU.</summary>
    public static int Refuse(byte function, byte code, Span<byte> reply)
    {
        reply[0] = (byte)(function | 0x80);
        reply[1] = code;
        return 2;
    }

    private static (int Length, byte Refusal) Read(IModbusUnit unit, ReadOnlySpan<byte> request, Span<byte> reply)
    {
        if (request.Length != 5)
            return (0, IllegalValue);
        int address = BinaryPrimitives.ReadUInt16BigEndian(request[1..]);
        int count = BinaryPrimitives.ReadUInt16BigEndian(request[3..]);
        if (count is 0 or > 125)
            return (0, IllegalValue);
        if (address + count > 0x10000)
            return (0, IllegalAddress);
        Span<ushort> registers = stackalloc ushort[count];
        var refusal = unit.Read(request[0], address, registers);
        reply[0] = request[0];
        reply[1] = (byte)(2 * count);
        for (var i = 0; i < count; i++)
            BinaryPrimitives.WriteUInt16BigEndian(reply[(2 + 2 * i)..], registers[i]);
        return (2 + 2 * count, refusal);
    }

    private static (int Length, byte Refusal) WriteOne(IModbusUnit unit, ReadOnlySpan<byte> request, Span<byte> reply)
    {
        if (request.Length != 5)
            return (0, IllegalValue);
        var refusal = unit.Write(
            BinaryPrimitives.ReadUInt16BigEndian(request[1..]), [BinaryPrimitives.ReadUInt16BigEndian(request[3..])]);
        request.CopyTo(reply);
        return (5, refusal);
    }

    private static (int Length, byte Refusal) WriteSeveral(IModbusUnit unit, ReadOnlySpan<byte> request, Span<byte> reply)
    {
        if (request.Length < 6)
            return (0, IllegalValue);
        int count = BinaryPrimitives.ReadUInt16BigEndian(request[3..]);
        if (count is 0 or > 123 || request[5] != 2 * count || request.Length != 6 + 2 * count)
            return (0, IllegalValue);
        Span<ushort> registers = stackalloc ushort[count];
        for (var i = 0; i < count; i++)
            registers[i] = BinaryPrimitives.ReadUInt16BigEndian(request[(6 + 2 * i)..]);
        var refusal = unit.Write(BinaryPrimitives.ReadUInt16BigEndian(request[1..]), registers);
        request[..5].CopyTo(reply);
        return (5, refusal);
    }
}
