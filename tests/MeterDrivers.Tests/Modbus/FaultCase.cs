namespace MeterLab.MeterDrivers.Tests.Modbus;

/// <summary>What a faulty device does with one answer: the chunks that it sends in place of it.</summary>
internal static class FaultCase
{
    /// <summary>The chunks for a fault; <paramref name="answer"/> is the whole frame, <paramref name="reframe"/> frames another unit's or another body.</summary>
    public static IReadOnlyList<byte[]> Chunks(string fault, bool rtu, byte[] answer, Func<byte, byte[], byte[]> reframe) => fault switch
    {
        "bad CRC" => [Changed(answer, answer.Length - 1)],
        "changed byte" => [Changed(answer, rtu ? 4 : 8)],
        "short" => [answer[..^3]],
        "long" => [[.. answer, 0x00, 0xFF, 0x55]],
        "late" => [LoopbackServer.Late, answer],
        "doubled" => [[.. answer, .. answer]],
        "one byte at a time" => [.. answer.Select(b => new[] { b })],
        "wrong unit" => [reframe(9, Body(rtu, answer))],
        "wrong transaction" => [Changed(answer, 1)],
        "silence" => [],
        "garbage before" => [[0x00, 0xFF, 0x1B, .. answer]],
        "wrong function" => [reframe(1, [3, .. Body(rtu, answer)[1..]])],
        "another length" => [reframe(1, [4, 2, 0x11, 0x22])],
        _ when fault.StartsWith("exception ", StringComparison.Ordinal) => [reframe(1, [0x84, byte.Parse(fault.AsSpan(10), System.Globalization.CultureInfo.InvariantCulture)])],
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
    };

    private static byte[] Body(bool rtu, byte[] answer) => rtu ? answer[1..^2] : answer[7..];

    private static byte[] Changed(byte[] frame, int index)
    {
        byte[] changed = [.. frame];
        changed[index] ^= 0x41;
        return changed;
    }
}
