using System.Buffers.Text;

using MeterLab.MeterDrivers.Fields;
using MeterLab.MeterDrivers.Serial.Telegrams;

namespace MeterLab.MeterDrivers.Serial.DsmrP1;

/// <summary>
/// Finds DSMR telegrams: from <c>/</c> over lines <c>1-0:1.7.0(00.193*kW)</c> to <c>!</c> and the sum over all of it (CRC-16/ARC, four hexadecimal digits; versions 2 and 3
/// have none, which counts as sound only where that was asked for).
/// </summary>
internal sealed class P1Decoder(bool needsSum = true) : ITelegramDecoder
{
    private const int LongestTelegram = 8192;
    private readonly byte[] _telegram = new byte[LongestTelegram];
    private readonly ObisValues _values = new();
    private int _length;
    private int _lineStart;

    /// <inheritdoc/>
    public bool HasBegun => _length > 0;

    /// <inheritdoc/>
    public ReadOnlySpan<FieldCode> Values => _values.Values;

    /// <inheritdoc/>
    public void Reset() => _length = 0;

    /// <inheritdoc/>
    public TelegramVerdict TryNext(ref ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var next = bytes[0];
            bytes = bytes[1..];
            if (next == '/' && (_length == 0 || _lineStart == _length))
            {
                // The next telegram begins where this one should have gone on.
                var broken = HasBegun;
                _telegram[0] = next;
                (_length, _lineStart) = (1, 0);
                if (broken)
                    return TelegramVerdict.Damaged;
                continue;
            }

            if (!HasBegun)
                continue;
            if (_length == LongestTelegram)
            {
                _length = 0;
                return TelegramVerdict.Damaged;
            }

            _telegram[_length++] = next;
            if (next != '\n')
                continue;
            if (_telegram[_lineStart] == '!')
            {
                var verdict = Read() ? TelegramVerdict.Telegram : TelegramVerdict.Damaged;
                _length = 0;
                return verdict;
            }

            _lineStart = _length;
        }

        return TelegramVerdict.NeedMore;
    }

    private bool Read()
    {
        var sum = _telegram.AsSpan(_lineStart + 1, _length - _lineStart - 1).TrimEnd("\r\n"u8);
        if (sum.IsEmpty ? needsSum : !IsSum(sum))
            return false;
        _values.Clear();
        ReadOnlySpan<byte> rest = _telegram.AsSpan(0, _lineStart);
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)'\n');
            var line = (end < 0 ? rest : rest[..end]).TrimEnd((byte)'\r');
            rest = end < 0 ? default : rest[(end + 1)..];
            if (line.StartsWith("1-0:"u8) && !Line(line[4..]))
                return false;
        }

        _values.Finish();
        return true;
    }

    private bool IsSum(ReadOnlySpan<byte> text) =>
        text.Length == 4 && Utf8Parser.TryParse(text, out ushort sum, out var consumed, 'X') && consumed == 4
        && sum == ReflectedCrc16.Arc.Compute(_telegram.AsSpan(0, _lineStart + 1));

    // C.D.E(value*unit). What has another form is no value of ours; a value of ours that is no number damages the telegram.
    private bool Line(ReadOnlySpan<byte> line)
    {
        var open = line.IndexOf((byte)'(');
        if (open < 0 || line[^1] != ')' || !TryName(line[..open], out var c, out var d, out var e))
            return true;
        var content = line[(open + 1)..^1];
        var star = content.IndexOf((byte)'*');
        if (star < 0 || FactorOf(content[(star + 1)..], d) is not (var factor and > 0))
            return true;
        if (!Utf8Parser.TryParse(content[..star], out double value, out var consumed) || consumed != star || star == 0 || !double.IsFinite(value))
            return false;
        _values.Take(c, d, e, value * factor);
        return true;
    }

    private static bool TryName(ReadOnlySpan<byte> name, out int c, out int d, out int e)
    {
        d = e = 0;
        return Number(ref name, out c) && Dot(ref name) && Number(ref name, out d) && Dot(ref name) && Number(ref name, out e) && name.IsEmpty;

        static bool Number(ref ReadOnlySpan<byte> text, out int number)
        {
            if (!Utf8Parser.TryParse(text, out number, out var used) || number is < 0 or > 255)
                return false;
            text = text[used..];
            return true;
        }

        static bool Dot(ref ReadOnlySpan<byte> text)
        {
            if (text.IsEmpty || text[0] != '.')
                return false;
            text = text[1..];
            return true;
        }
    }

    // The SI factor of a unit that fits the kind of value; 0 for another, which is left out.
    private static double FactorOf(ReadOnlySpan<byte> unit, int d) => d switch
    {
        7 when unit.SequenceEqual("kW"u8) => 1e3,
        7 when unit.SequenceEqual("W"u8) || unit.SequenceEqual("V"u8) || unit.SequenceEqual("A"u8) => 1,
        8 when unit.SequenceEqual("kWh"u8) => 3.6e6,
        8 when unit.SequenceEqual("Wh"u8) => 3600,
        _ => 0,
    };
}
