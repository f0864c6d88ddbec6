using MeterLab.MeterDrivers.Serial.Telegrams;

namespace MeterLab.MeterDrivers.Serial.Sml;

/// <summary>
/// Walks an SML file (BSI TR-03109-1, annex: Smart Message Language 1.04): elements of a type and a length, lists of them. The values of a meter are lists of
/// seven: name (six bytes of OBIS), status, time, unit, scaler, value, signature. The whole file must be well formed.
/// </summary>
internal static class SmlFile
{
    private const int Deepest = 12;
    private const int Octets = 0;
    private const int Boolean = 4;
    private const int Signed = 5;
    private const int Unsigned = 6;
    private const int List = 7;
    private const int EndOfMessage = 8;
    private const int EntryLength = 7;
    private const int NameLength = 6;

    /// <summary>Reads the file's values; false where it is not well formed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> file, ObisValues values)
    {
        while (!file.IsEmpty)
        {
            if (!TryElement(ref file, values, 0, out var message) || message.Type != List)
                return false;
        }

        return true;
    }

    // What of an element counts: its type, and a number, or six bytes of a name as one.
    private readonly record struct Element(int Type, long Number = 0, bool IsName = false);

    private static bool TryElement(ref ReadOnlySpan<byte> rest, ObisValues values, int depth, out Element element)
    {
        element = default;
        if (rest.IsEmpty)
            return false;
        if (rest[0] == 0)
        {
            rest = rest[1..];
            element = new Element(EndOfMessage);
            return true;
        }

        if (!TryHead(ref rest, out var type, out var length))
            return false;
        if (type == List)
        {
            element = new Element(List);
            return depth < Deepest && TryList(ref rest, length, values, depth + 1);
        }

        if (length < 0 || length > rest.Length)
            return false;
        var content = rest[..length];
        rest = rest[length..];
        switch (type)
        {
            case Octets:
                element = length == NameLength ? new Element(Octets, Number(content, signed: false), IsName: true) : new Element(Octets);
                return true;
            case Boolean:
                element = new Element(Boolean);
                return length == 1;
            case Signed or Unsigned:
                element = new Element(type, Number(content, type == Signed));
                return length is >= 1 and <= 8;
            default:
                return false;
        }
    }

    // Type in bits 6 to 4, length in the lower four, with the highest bit for more; a value's length counts its head, a list's its elements.
    private static bool TryHead(ref ReadOnlySpan<byte> rest, out int type, out int length)
    {
        type = (rest[0] >> 4) & 7;
        length = rest[0] & 0xF;
        var head = 1;
        while ((rest[head - 1] & 0x80) != 0)
        {
            if (head == 3 || head == rest.Length || (rest[head] & 0x70) != 0)
                return false;
            length = (length << 4) | (rest[head] & 0xF);
            head++;
        }

        rest = rest[head..];
        if (type != List)
            length -= head;
        return true;
    }

    private static bool TryList(ref ReadOnlySpan<byte> rest, int count, ObisValues values, int depth)
    {
        var name = 0L;
        long unit = 0, scaler = 0, value = 0;
        var isNumber = false;
        for (var i = 0; i < count; i++)
        {
            if (!TryElement(ref rest, values, depth, out var element))
                return false;
            switch (i)
            {
                case 0 when element.IsName:
                    name = element.Number;
                    break;
                case 3 when element.Type == Unsigned:
                    unit = element.Number;
                    break;
                case 4 when element.Type == Signed:
                    scaler = element.Number;
                    break;
                case 5:
                    value = element.Number;
                    isNumber = element.Type is Signed or Unsigned;
                    break;
            }
        }

        if (count == EntryLength && isNumber && scaler is >= -9 and <= 9)
            Take(name, unit, scaler < 0 ? value / Math.Pow(10, -scaler) : value * Math.Pow(10, scaler), values);
        return true;
    }

    // 01 00 C D E FF.
    private static void Take(long name, long unit, double value, ObisValues values)
    {
        var (c, d, e) = ((int)(name >> 24) & 0xFF, (int)(name >> 16) & 0xFF, (int)(name >> 8) & 0xFF);
        if (name >> 32 == 0x0100 && (name & 0xFF) == 0xFF && Factor(unit, d) is var factor and > 0)
            values.Take(c, d, e, factor * value);
    }

    // DLMS unit codes: 27 W, 30 Wh, 33 A, 35 V.
    private static double Factor(long unit, int d) => (unit, d) switch
    {
        (27 or 33 or 35, 7) => 1,
        (30, 8) => 3600,
        _ => 0,
    };

    private static long Number(ReadOnlySpan<byte> content, bool signed)
    {
        if (content.IsEmpty)
            return 0;
        var value = signed ? (long)(sbyte)content[0] : content[0];
        foreach (var next in content[1..])
            value = (value << 8) | next;
        return value;
    }
}
