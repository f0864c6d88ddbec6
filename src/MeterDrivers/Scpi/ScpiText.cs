using System.Buffers.Text;

using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Fields;

namespace MeterLab.MeterDrivers.Scpi;

/// <summary>
/// Numbers and lists as instruments write them (IEEE 488.2, 8.7; SCPI 1999.0, 7.2.1): <c>230.12E+00</c>, <c>NAN</c> or 9.91E+37 for no value, <c>INF</c> or
/// 9.9E+37 for beyond the range. Nothing here throws or allocates.
/// </summary>
internal static class ScpiText
{
    private const double NotANumber = 9.91e37;
    private const double Infinite = 9.9e37;

    /// <summary>Reads a number; false for anything that is none.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> text, IReadOnlyList<double> notAvailable, out FieldCode code)
    {
        text = text.Trim(" \t"u8);
        code = FieldCode.None;
        if (text.IsEmpty)
            return false;
        var unsigned = text[0] is (byte)'+' or (byte)'-' ? text[1..] : text;
        if (Is(unsigned, "NAN"u8))
            return true;
        if (Is(unsigned, "INF"u8) || Is(unsigned, "NINF"u8) || Is(unsigned, "INFINITY"u8))
        {
            code = Overflow(text[0] == '-' || Is(unsigned, "NINF"u8));
            return true;
        }

        if (unsigned.IsEmpty || !(unsigned[0] is >= (byte)'0' and <= (byte)'9' or (byte)'.')
            || !Utf8Parser.TryParse(text, out double number, out var consumed) || consumed != text.Length)
        {
            return false;
        }

        if (Math.Abs(number) == NotANumber)
            return true;
        code = Math.Abs(number) >= Infinite ? Overflow(number < 0) : FieldCode.Of(number, notAvailable);
        return true;
    }

    /// <summary>Takes the next element off a list; false at its end.</summary>
    public static bool TryNext(ref ReadOnlySpan<byte> list, char separator, out ReadOnlySpan<byte> element)
    {
        element = default;
        // An empty rest is the end; an empty list has no element at all.
        if (list.IsEmpty)
            return false;
        var end = list.IndexOf((byte)separator);
        element = (end < 0 ? list : list[..end]).Trim(" \t"u8);
        list = end < 0 ? default : list[(end + 1)..];
        // A separator at the very end promises an element that is not there.
        if (end >= 0 && list.IsEmpty)
            list = " "u8;
        return true;
    }

    /// <summary>An answer without the header that some instruments put before it: <c>:NUM:NORM:NUMB 8</c> is 8.</summary>
    public static ReadOnlySpan<byte> WithoutHeader(ReadOnlySpan<byte> answer)
    {
        answer = answer.Trim(" \t"u8);
        var blank = answer.IndexOf((byte)' ');
        if (blank <= 0 || !(answer[0] == ':' || char.IsAsciiLetter((char)answer[0])))
            return answer;
        foreach (var c in answer[..blank])
        {
            if (!char.IsAsciiLetterOrDigit((char)c) && c is not ((byte)':' or (byte)'_'))
                return answer;
        }

        return answer[(blank + 1)..].Trim(" \t"u8);
    }

    private static FieldCode Overflow(bool negative) =>
        new(BitConverter.DoubleToInt64Bits(negative ? double.NegativeInfinity : double.PositiveInfinity), SampleFlags.Overflow);

    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word)
    {
        if (text.Length != word.Length)
            return false;
        for (var i = 0; i < word.Length; i++)
        {
            if ((text[i] & ~0x20) != word[i])
                return false;
        }

        return true;
    }
}
