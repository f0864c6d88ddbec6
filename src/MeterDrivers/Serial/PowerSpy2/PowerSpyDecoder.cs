using System.Buffers.Text;

using MeterLab.MeterDrivers.Fields;
using MeterLab.MeterDrivers.Serial.Telegrams;

namespace MeterLab.MeterDrivers.Serial.PowerSpy2;

/// <summary>
/// Finds real-time packets of a PowerSpy2: <c>&lt;U2 I2 P Upk Ipk&gt;</c>, hexadecimal, 8 8 8 4 4 digits. Voltage and current are the roots of the first two, all in
/// units of the device's own calibration.
/// </summary>
internal sealed class PowerSpyDecoder(float voltsPerCount, float amperesPerCount) : ITelegramDecoder
{
    private const int PacketLength = 36;
    private readonly byte[] _packet = new byte[PacketLength];
    private readonly FieldCode[] _values = new FieldCode[3];
    private int _length = -1;

    /// <inheritdoc/>
    public bool HasBegun => _length >= 0;

    /// <summary>Power (W), voltage (V), current (A).</summary>
    public ReadOnlySpan<FieldCode> Values => _values;

    /// <inheritdoc/>
    public void Reset() => _length = -1;

    /// <inheritdoc/>
    public TelegramVerdict TryNext(ref ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var next = bytes[0];
            bytes = bytes[1..];
            if (next == '<')
            {
                var broken = HasBegun;
                _length = 0;
                if (broken)
                    return TelegramVerdict.Damaged;
            }
            else if (HasBegun && next == '>')
            {
                var packet = _packet.AsSpan(0, _length);
                _length = -1;
                // Answers to commands (<K>) are shorter.
                if (packet.Length > 8)
                    return Read(packet) ? TelegramVerdict.Telegram : TelegramVerdict.Damaged;
            }
            else if (HasBegun && next is not ((byte)'\r' or (byte)'\n'))
            {
                if (_length == PacketLength)
                {
                    _length = -1;
                    return TelegramVerdict.Damaged;
                }

                _packet[_length++] = next;
            }
        }

        return TelegramVerdict.NeedMore;
    }

    private bool Read(ReadOnlySpan<byte> packet)
    {
        if (packet.Length != PacketLength || packet[8] != ' ' || packet[17] != ' ' || packet[26] != ' ' || packet[31] != ' '
            || !TryHex(packet[..8], out var squareOfVolts) || !TryHex(packet[9..17], out var squareOfAmperes) || !TryHex(packet[18..26], out var power)
            || !TryHex(packet[27..31], out _) || !TryHex(packet[32..], out _))
        {
            return false;
        }

        // Without a load the device sends all ones, which is nothing.
        var watts = power == uint.MaxValue ? 0 : unchecked((int)power) * (double)voltsPerCount * amperesPerCount;
        _values[0] = FieldCode.Of(watts, []);
        _values[1] = FieldCode.Of(Math.Sqrt(squareOfVolts) * voltsPerCount, []);
        _values[2] = FieldCode.Of(Math.Sqrt(squareOfAmperes) * amperesPerCount, []);
        return true;
    }

    private static bool TryHex(ReadOnlySpan<byte> text, out uint value) =>
        Utf8Parser.TryParse(text, out value, out var consumed, 'X') && consumed == text.Length;
}
