using MeterLab.MeterDrivers.Fields;
using MeterLab.MeterDrivers.Serial.Telegrams;

namespace MeterLab.MeterDrivers.Serial.Sml;

/// <summary>
/// Finds SML files in a stream (transport of version 1): <c>1B1B1B1B 01010101</c>, the file, <c>1B1B1B1B 1A nn</c> and a sum (CRC-16/X-25, low byte first) over everything
/// before it. nn zeros fill the file up to a multiple of four; four 1B in the file are doubled.
/// </summary>
internal sealed class SmlDecoder : ITelegramDecoder
{
    private const int LongestFile = 8192;
    private const uint Escape = 0x1B1B1B1B;
    private const uint Begin = 0x01010101;
    private readonly byte[] _raw = new byte[LongestFile];
    private readonly byte[] _file = new byte[LongestFile];
    private readonly ObisValues _values = new();
    private ulong _window;
    private int _rawLength;
    private int _length;
    private bool _escaped;

    /// <inheritdoc/>
    public bool HasBegun => _rawLength > 0;

    /// <inheritdoc/>
    public ReadOnlySpan<FieldCode> Values => _values.Values;

    /// <inheritdoc/>
    public void Reset() => (_rawLength, _length, _window, _escaped) = (0, 0, 0, false);

    /// <inheritdoc/>
    public TelegramVerdict TryNext(ref ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var next = bytes[0];
            bytes = bytes[1..];
            _window = (_window << 8) | next;
            // Wherever it stands: a file that lost a byte is out of its step of four and never ends.
            if (_window == (((ulong)Escape << 32) | Begin))
            {
                var broken = HasBegun;
                Start();
                if (broken)
                    return TelegramVerdict.Damaged;
                continue;
            }

            if (!HasBegun)
                continue;
            if (_rawLength == LongestFile)
            {
                Reset();
                return TelegramVerdict.Damaged;
            }

            _raw[_rawLength++] = next;
            if (_rawLength % 4 == 0 && Word() is { } verdict)
                return verdict;
        }

        return TelegramVerdict.NeedMore;
    }

    private void Start()
    {
        ReadOnlySpan<byte> head = [0x1B, 0x1B, 0x1B, 0x1B, 1, 1, 1, 1];
        head.CopyTo(_raw);
        (_rawLength, _length, _escaped) = (8, 0, false);
    }

    // Four bytes at a time, as the transport is made.
    private TelegramVerdict? Word()
    {
        var word = _raw.AsSpan(_rawLength - 4, 4);
        var value = (uint)_window;
        if (!_escaped)
        {
            _escaped = value == Escape;
            if (!_escaped)
                Append(word);
            return null;
        }

        _escaped = false;
        if (value == Escape)
        {
            Append(word);
            return null;
        }

        var sound = word[0] == 0x1A && word[1] <= 3 && word[1] <= _length && IsSum(word) && Read(word[1]);
        Reset();
        return sound ? TelegramVerdict.Telegram : TelegramVerdict.Damaged;
    }

    private void Append(ReadOnlySpan<byte> word)
    {
        word.CopyTo(_file.AsSpan(_length));
        _length += word.Length;
    }

    private bool IsSum(ReadOnlySpan<byte> word) =>
        ReflectedCrc16.X25.Compute(_raw.AsSpan(0, _rawLength - 2)) == (word[2] | word[3] << 8);

    private bool Read(int fill)
    {
        var file = _file.AsSpan(0, _length - fill);
        if (_file.AsSpan(file.Length, fill).ContainsAnyExcept((byte)0))
            return false;
        _values.Clear();
        if (!SmlFile.TryRead(file, _values))
            return false;
        _values.Finish();
        return true;
    }
}
