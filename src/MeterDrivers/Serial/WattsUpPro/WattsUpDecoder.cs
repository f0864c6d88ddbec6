using System.Buffers.Text;

using MeterLab.MeterDrivers.Fields;
using MeterLab.MeterDrivers.Serial.Telegrams;

namespace MeterLab.MeterDrivers.Serial.WattsUpPro;

/// <summary>
/// Finds data records in the text of a Watts up? PRO: <c>#d,-,18,124,1191,97,…;</c>. There is no checksum: a record counts only with exactly as many fields
/// as it announces, each a whole number or <c>_</c> for a field that was not chosen.
/// </summary>
internal sealed class WattsUpDecoder : ITelegramDecoder
{
    /// <summary>Fields of a record.</summary>
    internal const int FieldCount = 18;

    private const int LongestPacket = 256;
    private readonly byte[] _packet = new byte[LongestPacket];
    private readonly FieldCode[] _values = new FieldCode[FieldCount];
    private int _length;

    /// <inheritdoc/>
    public bool HasBegun => _length > 0;

    /// <inheritdoc/>
    public ReadOnlySpan<FieldCode> Values => _values;

    /// <inheritdoc/>
    public void Reset() => _length = 0;

    /// <inheritdoc/>
    public TelegramVerdict TryNext(ref ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var next = bytes[0];
            bytes = bytes[1..];
            if (next == '#')
            {
                var broken = HasBegun;
                _packet[0] = next;
                _length = 1;
                if (broken)
                    return TelegramVerdict.Damaged;
            }
            else if (HasBegun && next == ';')
            {
                var packet = _packet.AsSpan(0, _length);
                _length = 0;
                // Answers to commands are packets, too.
                if (packet.StartsWith("#d,"u8))
                    return Read(packet) ? TelegramVerdict.Telegram : TelegramVerdict.Damaged;
            }
            else if (HasBegun)
            {
                if (_length == LongestPacket)
                {
                    _length = 0;
                    return TelegramVerdict.Damaged;
                }

                _packet[_length++] = next;
            }
        }

        return TelegramVerdict.NeedMore;
    }

    private bool Read(ReadOnlySpan<byte> packet)
    {
        if (!packet.StartsWith("#d,-,18,"u8))
            return false;
        packet = packet[8..];
        for (var i = 0; i < FieldCount; i++)
        {
            var comma = packet.IndexOf((byte)',');
            if (comma < 0 != (i == FieldCount - 1))
                return false;
            var field = comma < 0 ? packet : packet[..comma];
            packet = comma < 0 ? default : packet[(comma + 1)..];
            if (field.SequenceEqual("_"u8))
                _values[i] = FieldCode.None;
            else if (Utf8Parser.TryParse(field, out int number, out var consumed) && consumed == field.Length && number >= 0)
                _values[i] = FieldCode.Of(number, []);
            else
                return false;
        }

        return true;
    }
}
