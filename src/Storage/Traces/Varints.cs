namespace MeterLab.Storage.Traces;

/// <summary>Writes unsigned numbers in groups of seven bits, the lowest first (LEB128). The caller sees to the room.</summary>
internal ref struct VarintWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    /// <summary>Bytes written.</summary>
    public int Position { get; private set; }

    public void Write(ulong value)
    {
        while (value >= 0x80)
        {
            _destination[Position++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _destination[Position++] = (byte)value;
    }

    /// <summary>The bytes that <see cref="Write"/> takes for a value: 1 to 10.</summary>
    public static int SizeOf(ulong value) => (70 - System.Numerics.BitOperations.LeadingZeroCount(value | 1)) / 7;
}

/// <summary>Reads what <see cref="VarintWriter"/> wrote, out of bytes that may be damaged: it never reads beyond them.</summary>
internal ref struct VarintReader(ReadOnlySpan<byte> source)
{
    private readonly ReadOnlySpan<byte> _source = source;

    /// <summary>Bytes read.</summary>
    public int Position { get; private set; }

    /// <summary>Whether all is read.</summary>
    public readonly bool AtEnd => Position == _source.Length;

    public bool TryRead(out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (Position >= _source.Length)
                return false;
            var next = _source[Position++];
            // The tenth group holds the last bit of 64.
            if (shift == 63 && next > 1)
                return false;
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return true;
        }

        return false;
    }
}
