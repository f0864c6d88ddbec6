using System.Buffers.Text;

namespace MeterLab.Cli.Traces;

/// <summary>
/// A moment as trace and window files write it: ISO 8601 in UTC (<c>2026-01-01T00:00:00.123456789Z</c>; an offset is honoured, none means
/// UTC) or Unix seconds with a fraction. Read without floating point, so that no nanosecond is lost.
/// </summary>
internal static class CsvTime
{
    /// <summary>What is right, for messages.</summary>
    public const string Right = "UTC as 2026-01-01T00:00:00.5Z or Unix seconds as 1767225600.5 is right";

    private const long Second = 1_000_000_000;
    private const int FractionDigits = 9;

    // The years 1678 to 2262 are what 64 bits of nanoseconds hold.
    private const long MostSeconds = long.MaxValue / Second - 1;

    /// <summary>Reads UTF-8 text as ns since 1970 UTC.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long utcNs)
    {
        utcNs = 0;
        var negative = text.Length > 0 && text[0] == '-';
        var rest = negative ? text[1..] : text;
        return rest.Length > 10 && rest[4] == '-' && !negative ? Iso(rest, out utcNs) : Unix(text, rest, negative, out utcNs);
    }

    private static bool Unix(ReadOnlySpan<byte> text, ReadOnlySpan<byte> rest, bool negative, out long utcNs)
    {
        utcNs = 0;
        if (!Utf8Parser.TryParse(rest, out long seconds, out var used) || seconds is < 0 or > MostSeconds || rest.Length == 0 || !char.IsAsciiDigit((char)rest[0]))
            return false;
        if (used == rest.Length || rest[used] == '.')
        {
            if (!Fraction(rest[used..], out var ns, out var length) || used + length != rest.Length)
                return false;
            utcNs = (seconds * Second + ns) * (negative ? -1 : 1);
            return true;
        }

        // 1.7672256e9, as some programs write: as exact as a double is, 0.2 us.
        if (!Utf8Parser.TryParse(text, out double value, out used) || used != text.Length || !(Math.Abs(value) < MostSeconds))
            return false;
        utcNs = (long)Math.Round((decimal)value * Second);
        return true;
    }

    private static bool Iso(ReadOnlySpan<byte> text, out long utcNs)
    {
        utcNs = 0;
        if (text.Length < 19 || text[7] != '-' || text[10] is not ((byte)'T' or (byte)'t' or (byte)' ') || text[13] != ':' || text[16] != ':')
            return false;
        if (!(Number(text[..4], out var year) && Number(text[5..7], out var month) && Number(text[8..10], out var day)
            && Number(text[11..13], out var hour) && Number(text[14..16], out var minute) && Number(text[17..19], out var second)))
        {
            return false;
        }

        if (year is < 1678 or > 2261 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
            return false;
        if (!Fraction(text[19..], out var ns, out var used) || !Offset(text[(19 + used)..], out var offset))
            return false;
        var days = new DateOnly(year, month, day).DayNumber - new DateOnly(1970, 1, 1).DayNumber;
        utcNs = (days * 86_400L + hour * 3600 + minute * 60 + second - offset) * Second + ns;
        return true;
    }

    private static bool Number(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var digit in text)
        {
            if (!char.IsAsciiDigit((char)digit))
                return false;
            value = value * 10 + digit - '0';
        }

        return true;
    }

    // ".123" or nothing; digits beyond the nanosecond are cut.
    private static bool Fraction(ReadOnlySpan<byte> text, out long ns, out int used)
    {
        (ns, used) = (0, 0);
        if (text.Length == 0 || text[0] != '.')
            return true;
        used = 1;
        for (; used < text.Length && char.IsAsciiDigit((char)text[used]); used++)
        {
            if (used <= FractionDigits)
                ns = ns * 10 + text[used] - '0';
        }

        for (var i = used; i <= FractionDigits; i++)
            ns *= 10;
        return used > 1;
    }

    // "Z", nothing, or "+hh:mm"; seconds.
    private static bool Offset(ReadOnlySpan<byte> text, out long seconds)
    {
        seconds = 0;
        if (text.Length == 0 || (text.Length == 1 && text[0] is (byte)'Z' or (byte)'z'))
            return true;
        if (text.Length != 6 || text[0] is not ((byte)'+' or (byte)'-') || text[3] != ':'
            || !Number(text[1..3], out var hours) || !Number(text[4..6], out var minutes) || hours > 14 || minutes > 59)
        {
            return false;
        }

        seconds = (hours * 3600 + minutes * 60) * (text[0] == '-' ? -1 : 1);
        return true;
    }
}
