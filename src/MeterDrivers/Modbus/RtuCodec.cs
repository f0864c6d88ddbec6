using System.Buffers.Binary;

namespace MeterLab.MeterDrivers.Modbus;

/// <summary>
/// Modbus RTU (Modbus over Serial Line 1.02, section 2.5.1): unit, protocol data unit, CRC low byte first. The frame's length
/// follows from the function code; silence between frames is the bus's business.
/// </summary>
internal sealed class RtuCodec : FrameCodec
{
    private const int ExceptionLength = 5;

    /// <inheritdoc/>
    public override bool TellsLateReplies => false;

    /// <inheritdoc/>
    public override int Overhead => 3;

    /// <inheritdoc/>
    public override int Encode(byte unit, ReadOnlySpan<byte> pdu, Span<byte> frame)
    {
        frame[0] = unit;
        pdu.CopyTo(frame[1..]);
        BinaryPrimitives.WriteUInt16LittleEndian(frame[(1 + pdu.Length)..], Crc16.Compute(frame[..(1 + pdu.Length)]));
        return pdu.Length + 3;
    }

    /// <inheritdoc/>
    public override int Needed(ReadOnlySpan<byte> received)
    {
        if (received.Length < 3)
            return ExceptionLength;
        return received[1] switch
        {
            >= 0x80 => ExceptionLength,
            1 or 2 or 3 or 4 => 3 + received[2] + 2,
            5 or 6 or 15 or 16 => 8,
            _ => -1,
        };
    }

    /// <inheritdoc/>
    public override FrameVerdict Open(ReadOnlySpan<byte> frame, out byte unit, out ReadOnlySpan<byte> pdu, out int index)
    {
        index = 0;
        unit = frame[0];
        pdu = frame[1..^2];
        return BinaryPrimitives.ReadUInt16LittleEndian(frame[^2..]) == Crc16.Compute(frame[..^2]) ? FrameVerdict.Reply : FrameVerdict.Corrupt;
    }
}
