using System.Globalization;

namespace MeterLab.MeterDrivers.Snmp;

/// <summary>An object's name: numbers with dots, and the same as it goes over the wire (X.690, 8.19).</summary>
internal sealed class SnmpOid
{
    private const int MaxParts = 128;

    private SnmpOid(string text, byte[] encoded)
    {
        Text = text;
        Encoded = encoded;
    }

    /// <summary><c>1.3.6.1.2.1.1.1.0</c>.</summary>
    public string Text { get; }

    /// <summary>The content of its encoding.</summary>
    public byte[] Encoded { get; }

    /// <summary>Reads numbers and dots; false for anything else.</summary>
    public static bool TryParse(string text, out SnmpOid? oid)
    {
        oid = null;
        var parts = text.Split('.');
        if (parts.Length is < 3 or > MaxParts)
            return false;
        var numbers = new uint[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!uint.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
                return false;
        }

        if (numbers[0] > 2 || numbers[1] > 39)
            return false;
        var encoded = new List<byte> { (byte)(40 * numbers[0] + numbers[1]) };
        foreach (var number in numbers.AsSpan(2))
        {
            for (var shift = 28; shift > 0; shift -= 7)
            {
                if (number >> shift != 0)
                    encoded.Add((byte)(0x80 | ((number >> shift) & 0x7F)));
            }

            encoded.Add((byte)(number & 0x7F));
        }

        oid = new SnmpOid(text, [.. encoded]);
        return true;
    }

    /// <summary>Reads what is known to be right.</summary>
    public static SnmpOid Parse(string text) =>
        TryParse(text, out var oid) ? oid! : throw new ArgumentException($"'{text}' is no object name.", nameof(text));

    /// <inheritdoc/>
    public override string ToString() => Text;
}
