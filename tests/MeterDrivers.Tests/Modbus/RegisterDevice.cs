using System.Buffers.Binary;

namespace MeterLab.MeterDrivers.Tests.Modbus;

/// <summary>
/// A Modbus device for tests, with framing code of its own so that a bug in the product's is not cancelled by sharing it: registers
/// by number, everything else 0.
/// </summary>
internal sealed class RegisterDevice
{
    public byte Unit { get; init; } = 1;

    public bool Rtu { get; init; }

    public Dictionary<int, ushort> Registers { get; } = [];

    /// <summary>Requests that came, as (function, address, count).</summary>
    public List<(int Function, int Address, int Count)> Requests { get; } = [];

    /// <summary>Puts a single into two registers, high word first.</summary>
    public void SetSingle(int address, float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        (Registers[address], Registers[address + 1]) = ((ushort)(bits >> 16), (ushort)bits);
    }

    /// <summary>The whole answer to a request frame; nothing for another unit.</summary>
    public byte[] Answer(byte[] frame)
    {
        var unit = frame[Rtu ? 0 : 6];
        var pdu = Rtu ? frame[1..^2] : frame[7..];
        if (unit != Unit)
            return [];
        return Frame(frame, unit, Pdu(pdu));
    }

    /// <summary>Frames an answer to a request.</summary>
    public byte[] Frame(byte[] request, byte unit, byte[] pdu)
    {
        if (!Rtu)
            return [request[0], request[1], 0, 0, (byte)((pdu.Length + 1) >> 8), (byte)(pdu.Length + 1), unit, .. pdu];
        byte[] body = [unit, .. pdu];
        var crc = Crc(body);
        return [.. body, (byte)crc, (byte)(crc >> 8)];
    }

    private byte[] Pdu(byte[] request)
    {
        var address = BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(1));
        var count = BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(3));
        Requests.Add((request[0], address, count));
        if (request[0] == 6)
        {
            Registers[address] = count;
            return request;
        }

        if (request[0] == 16)
        {
            for (var i = 0; i < count; i++)
                Registers[address + i] = BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(6 + 2 * i));
            return request[..5];
        }

        var reply = new byte[2 + 2 * count];
        reply[0] = request[0];
        reply[1] = (byte)(2 * count);
        for (var i = 0; i < count; i++)
            BinaryPrimitives.WriteUInt16BigEndian(reply.AsSpan(2 + 2 * i), Registers.GetValueOrDefault(address + i));
        return reply;
    }

    // Bit by bit, as the specification's appendix describes it.
    private static ushort Crc(byte[] bytes)
    {
        var crc = 0xFFFF;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var i = 0; i < 8; i++)
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xA001 : crc >> 1;
        }

        return (ushort)crc;
    }
}
