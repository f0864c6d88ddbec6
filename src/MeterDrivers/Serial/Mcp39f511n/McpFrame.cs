using MeterLab.MeterDrivers.Links;

namespace MeterLab.MeterDrivers.Serial.Mcp39f511n;

/// <summary>
/// Frames of Microchip's power monitors (MCP39F501, F511, F511N). Question: A5, length, commands, sum of all modulo 256. Answer: 06, length, data, sum;
/// or a single 15 (not understood) or 51 (sum wrong).
/// </summary>
internal static class McpFrame
{
    /// <summary>The most bytes that one answer brings: the device's frames are at most 35 long.</summary>
    internal const int MostBytes = 32;

    private const byte Header = 0xA5;
    private const byte SetAddress = 0x41;
    private const byte Read = 0x4E;
    private const byte Accepted = 0x06;
    private const byte NotAccepted = 0x15;
    private const byte SumFailed = 0x51;

    /// <summary>The question for <paramref name="count"/> bytes from an address.</summary>
    public static byte[] Question(ushort address, int count)
    {
        byte[] frame = [Header, 8, SetAddress, (byte)(address >> 8), (byte)address, Read, (byte)count, 0];
        frame[^1] = Sum(frame.AsSpan(0, frame.Length - 1));
        return frame;
    }

    /// <summary>How long the answer that begins so is; more than there is while it is incomplete, negative where none begins so.</summary>
    public static int Needed(ReadOnlySpan<byte> received, int count) => received switch
    {
        [] => 1,
        [NotAccepted or SumFailed, ..] => 1,
        [Accepted] => 2,
        [Accepted, var length, ..] when length == count + 3 => length,
        _ => -1,
    };

    /// <summary>The data of a whole answer. Throws <see cref="LinkException"/> for a damaged one, <see cref="MeterException"/> for a refusal.</summary>
    public static ReadOnlySpan<byte> Open(ReadOnlySpan<byte> frame, string name, ushort address)
    {
        if (frame[0] == NotAccepted)
            throw new MeterException(MeterFailure.Refused, $"{name}: the device does not take the question for 0x{address:X4}. Is the model right?");
        if (frame[0] == SumFailed)
            throw new LinkException(LinkFailure.Corrupt, $"{name}: the question arrived damaged. Check wiring and baud rate.");
        return Sum(frame[..^1]) == frame[^1]
            ? frame[2..^1]
            : throw new LinkException(LinkFailure.Corrupt, $"{name}: the answer's checksum is wrong. Check wiring and baud rate.");
    }

    private static byte Sum(ReadOnlySpan<byte> bytes)
    {
        byte sum = 0;
        foreach (var next in bytes)
            sum = unchecked((byte)(sum + next));
        return sum;
    }
}
