namespace MeterLab.MeterDrivers.Snmp;

/// <summary>
/// Walks the elements of a Basic Encoding (X.690) as SNMP uses it: single-byte tags, definite lengths. Never reads beyond its bytes,
/// never throws, never allocates.
/// </summary>
internal ref struct BerReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Whether everything has been read.</summary>
    public readonly bool IsAtEnd => _bytes.IsEmpty;

    /// <summary>The next element, whatever it is.</summary>
    public bool TryRead(out byte tag, out ReadOnlySpan<byte> content)
    {
        tag = 0;
        content = default;
        if (_bytes.Length < 2)
            return false;
        tag = _bytes[0];
        // A tag of several bytes and an open length do not occur in SNMP.
        if ((tag & 0x1F) == 0x1F)
            return false;
        int length = _bytes[1];
        var start = 2;
        if (length >= 0x80)
        {
            var count = length & 0x7F;
            if (count is 0 or > 3 || _bytes.Length < 2 + count)
                return false;
            length = 0;
            for (var i = 0; i < count; i++)
                length = (length << 8) | _bytes[2 + i];
            start += count;
        }

        if (length > _bytes.Length - start)
            return false;
        content = _bytes.Slice(start, length);
        _bytes = _bytes[(start + length)..];
        return true;
    }

    /// <summary>The next element, which must have this tag.</summary>
    public bool TryRead(byte expected, out ReadOnlySpan<byte> content) => TryRead(out var tag, out content) && tag == expected;

    /// <summary>The next element as a signed whole number of at most 64 bits.</summary>
    public bool TryReadInteger(out long value)
    {
        value = 0;
        return TryRead(0x02, out var content) && TryInteger(content, signed: true, out value);
    }

    /// <summary>The content of a whole number; false where it is empty or does not fit into 64 bits.</summary>
    public static bool TryInteger(ReadOnlySpan<byte> content, bool signed, out long value)
    {
        value = 0;
        // An unsigned value with its highest bit set has a zero before it; some agents leave it out.
        if (!signed && content.Length > 1 && content[0] == 0)
            content = content[1..];
        if (content.Length is 0 or > 8)
            return false;
        value = signed && (content[0] & 0x80) != 0 ? -1 : 0;
        foreach (var next in content)
            value = (value << 8) | next;
        return true;
    }
}
