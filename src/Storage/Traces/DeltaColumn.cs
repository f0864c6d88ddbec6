namespace MeterLab.Storage.Traces;

/// <summary>
/// One column of a chunk: differences of first or second order, whichever is shorter, zig-zag, varint; a zero stands for a run of
/// zeros and is followed by the number of further ones. Differences wrap, so that any 64-bit values come back.
/// </summary>
/// <remarks>
/// First order suits codes with noise and polls with jitter; second order a clock that ticks evenly, which then costs nothing.
/// </remarks>
internal static class DeltaColumn
{
    /// <summary>Writes the values, and overwrites them with their differences.</summary>
    public static void Write(Span<long> values, ref VarintWriter writer)
    {
        Difference(values, order: 1);
        var firstOrder = EncodedSize(values);
        Difference(values, order: 2);
        var second = EncodedSize(values) < firstOrder;
        if (!second)
            Accumulate(values, order: 2);
        writer.Write(second ? 2u : 1u);
        for (var i = 0; i < values.Length; i++)
        {
            writer.Write(ZigZag(values[i]));
            if (values[i] != 0)
                continue;
            var run = ZerosFrom(values, i);
            writer.Write((ulong)run - 1);
            i += run - 1;
        }
    }

    /// <summary>Fills <paramref name="values"/>; false where the bytes are no column of that length.</summary>
    public static bool TryRead(Span<long> values, ref VarintReader reader)
    {
        if (!reader.TryRead(out var order) || order is not (1 or 2))
            return false;
        for (var i = 0; i < values.Length; i++)
        {
            if (!reader.TryRead(out var coded))
                return false;
            values[i] = UnZigZag(coded);
            if (coded != 0)
                continue;
            if (!reader.TryRead(out var further) || further >= (ulong)(values.Length - i))
                return false;
            values.Slice(i, (int)further + 1).Clear();
            i += (int)further;
        }

        if (order == 2)
            Accumulate(values, order: 2);
        Accumulate(values, order: 1);
        return true;
    }

    private static void Difference(Span<long> values, int order)
    {
        for (var i = values.Length - 1; i >= order; i--)
            values[i] = unchecked(values[i] - values[i - 1]);
    }

    private static void Accumulate(Span<long> values, int order)
    {
        for (var i = order; i < values.Length; i++)
            values[i] = unchecked(values[i] + values[i - 1]);
    }

    private static int EncodedSize(ReadOnlySpan<long> values)
    {
        var size = 0;
        for (var i = 0; i < values.Length; i++)
        {
            size += VarintWriter.SizeOf(ZigZag(values[i]));
            if (values[i] != 0)
                continue;
            var run = ZerosFrom(values, i);
            size += VarintWriter.SizeOf((ulong)run - 1);
            i += run - 1;
        }

        return size;
    }

    private static int ZerosFrom(ReadOnlySpan<long> values, int start)
    {
        var length = values[start..].IndexOfAnyExcept(0L);
        return length < 0 ? values.Length - start : length;
    }

    private static ulong ZigZag(long value) => unchecked((ulong)(value << 1) ^ (ulong)(value >> 63));

    private static long UnZigZag(ulong value) => unchecked((long)(value >> 1) ^ -(long)(value & 1));
}
