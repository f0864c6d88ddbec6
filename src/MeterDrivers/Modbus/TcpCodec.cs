using System.Buffers.Binary;

namespace MeterLab.MeterDrivers.Modbus;

/// <summary>Modbus TCP (Messaging on TCP/IP Implementation Guide 1.0b, section 3.1.3): transaction, protocol 0, length, unit, then the protocol data unit.</summary>
internal sealed class TcpCodec : FrameCodec
{
    private const int HeaderLength = 7;

    private ushort _next = 1;
    private ushort _first = 1;

    /// <inheritdoc/>
    public override bool TellsLateReplies => true;

    /// <inheritdoc/>
    public override int Overhead => HeaderLength;

    /// <inheritdoc/>
    public override void Begin() => _first = _next;

    /// <inheritdoc/>
    public override int Encode(byte unit, ReadOnlySpan<byte> pdu, Span<byte> frame)
    {
        BinaryPrimitives.WriteUInt16BigEndian(frame, _next++);
        BinaryPrimitives.WriteUInt16BigEndian(frame[2..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(frame[4..], (ushort)(pdu.Length + 1));
        frame[6] = unit;
        pdu.CopyTo(frame[HeaderLength..]);
        return HeaderLength + pdu.Length;
    }

    /// <inheritdoc/>
    public override int Needed(ReadOnlySpan<byte> received)
    {
        if (received.Length < HeaderLength)
            return HeaderLength + 1;
        var protocol = BinaryPrimitives.ReadUInt16BigEndian(received[2..]);
        var length = BinaryPrimitives.ReadUInt16BigEndian(received[4..]);
        return protocol == 0 && length >= 2 && length <= ModbusRequest.MaxPdu + 1 ? 6 + length : -1;
    }

    /// <inheritdoc/>
    public override FrameVerdict Open(ReadOnlySpan<byte> frame, out byte unit, out ReadOnlySpan<byte> pdu, out int index)
    {
        unit = frame[6];
        pdu = frame[HeaderLength..];
        // Numbers run round at 65536, so the difference does as well.
        var number = BinaryPrimitives.ReadUInt16BigEndian(frame);
        index = (ushort)(number - _first);
        return index < (ushort)(_next - _first) ? FrameVerdict.Reply : FrameVerdict.Stale;
    }
}
