using System.Buffers.Binary;
using System.Text;

namespace MeterLab.MeterDrivers.Snmp;

/// <summary>What a datagram turned out to be.</summary>
internal enum SnmpVerdict
{
    /// <summary>the answer to this request</summary>
    Reply,

    /// <summary>an answer to another request, come late, or for another community</summary>
    Stale,

    /// <summary>no SNMP message, or a damaged one</summary>
    Corrupt,

    /// <summary>the agent refused: <see cref="SnmpRequest.ErrorStatus"/></summary>
    Refused,
}

/// <summary>
/// A GET of SNMP version 1 (RFC 1157) or 2c (RFC 1901, 3416), made once and sent as often as wanted with a new number each time. Checks an
/// answer: version, community, number, every object's name.
/// </summary>
internal sealed class SnmpRequest
{
    private const byte Sequence = 0x30;
    private const byte Integer = 0x02;
    private const byte OctetString = 0x04;
    private const byte ObjectName = 0x06;
    private const byte GetRequest = 0xA0;
    private const byte GetResponse = 0xA2;
    private const int MaxText = 255;

    private readonly byte[] _message;
    private readonly byte[] _community;
    private readonly int _version;
    private readonly int _numberAt;
    private readonly SnmpOid[] _objects;
    private readonly bool _texts;
    private int _number = 0x01000000;

    /// <summary>Makes a request for these objects; <paramref name="texts"/> keeps texts of the answer (that allocates).</summary>
    public SnmpRequest(int version, string community, IReadOnlyList<SnmpOid> objects, bool texts = false)
    {
        _version = version == 1 ? 0 : 1;
        _community = Encoding.UTF8.GetBytes(community);
        _objects = [.. objects];
        _texts = texts;
        var bindings = _objects.SelectMany(name => Element(Sequence, [.. Element(ObjectName, name.Encoded), 0x05, 0x00])).ToArray();
        // The number is four bytes long in every case, so that it can be replaced in place.
        byte[] number = [Integer, 4, 0, 0, 0, 0];
        byte[] tail = [Integer, 1, 0, Integer, 1, 0, .. Element(Sequence, bindings)];
        var pdu = Element(GetRequest, [.. number, .. tail]);
        _message = Element(Sequence, [Integer, 1, (byte)_version, .. Element(OctetString, _community), .. pdu]);
        _numberAt = _message.Length - tail.Length - 4;
    }

    /// <summary>The objects asked for.</summary>
    public IReadOnlyList<SnmpOid> Objects => _objects;

    /// <summary>The agent's error after <see cref="SnmpVerdict.Refused"/>: 1 too big, 2 no such name, 5 general.</summary>
    public int ErrorStatus { get; private set; }

    /// <summary>The place of the object at fault, counted from 1; 0 for none.</summary>
    public int ErrorIndex { get; private set; }

    /// <summary>The message with a number of its own.</summary>
    public ReadOnlyMemory<byte> Next(int number)
    {
        _number = 0x01000000 | (number & 0x7EFFFFFF);
        BinaryPrimitives.WriteInt32BigEndian(_message.AsSpan(_numberAt), _number);
        return _message;
    }

    /// <summary>Looks into a datagram; on <see cref="SnmpVerdict.Reply"/> every value is set, otherwise they mean nothing.</summary>
    public SnmpVerdict Decode(ReadOnlySpan<byte> datagram, Span<SnmpValue> values)
    {
        (ErrorStatus, ErrorIndex) = (0, 0);
        var outer = new BerReader(datagram);
        if (!outer.TryRead(Sequence, out var message) || !outer.IsAtEnd)
            return SnmpVerdict.Corrupt;
        var reader = new BerReader(message);
        if (!reader.TryReadInteger(out var version) || !reader.TryRead(OctetString, out var community)
            || !reader.TryRead(out var tag, out var pdu) || !reader.IsAtEnd)
        {
            return SnmpVerdict.Corrupt;
        }

        var body = new BerReader(pdu);
        if (!body.TryReadInteger(out var number) || !body.TryReadInteger(out var status) || !body.TryReadInteger(out var index)
            || !body.TryRead(Sequence, out var bindings) || !body.IsAtEnd)
        {
            return SnmpVerdict.Corrupt;
        }

        if (version != _version || tag != GetResponse || number != _number || !community.SequenceEqual(_community))
            return SnmpVerdict.Stale;
        if (status != 0)
        {
            (ErrorStatus, ErrorIndex) = ((int)Math.Clamp(status, -1, 255), (int)Math.Clamp(index, 0, _objects.Length));
            return SnmpVerdict.Refused;
        }

        return Bindings(bindings, values) ? SnmpVerdict.Reply : SnmpVerdict.Corrupt;
    }

    private bool Bindings(ReadOnlySpan<byte> bindings, Span<SnmpValue> values)
    {
        var list = new BerReader(bindings);
        for (var i = 0; i < _objects.Length; i++)
        {
            if (!list.TryRead(Sequence, out var binding))
                return false;
            var pair = new BerReader(binding);
            if (!pair.TryRead(ObjectName, out var name) || !name.SequenceEqual(_objects[i].Encoded)
                || !pair.TryRead(out var type, out var content) || !pair.IsAtEnd || !TryValue(type, content, out values[i]))
            {
                return false;
            }
        }

        return list.IsAtEnd;
    }

    private bool TryValue(byte type, ReadOnlySpan<byte> content, out SnmpValue value)
    {
        value = new SnmpValue(SnmpKind.Other);
        switch (type)
        {
            case Integer:
                return Number(content, signed: true, 4, ref value);
            case 0x41 or 0x42 or 0x43:
                // Counter32, Gauge32, TimeTicks: up to 2^32 - 1, so a fifth byte may only be a zero before them.
                return Number(content, signed: false, 5, ref value) && value.Number <= uint.MaxValue;
            case 0x46:
                if (!Number(content, signed: false, 9, ref value))
                    return false;
                if (value.Number < 0)
                    value = new SnmpValue(SnmpKind.Other);
                return true;
            case OctetString:
                value = new SnmpValue(SnmpKind.Text, 0, _texts ? Printable(content) : null);
                return true;
            case 0x05 or 0x80 or 0x81 or 0x82:
                value = new SnmpValue(SnmpKind.Absent);
                return content.IsEmpty;
            case ObjectName or 0x40 or 0x44:
                return true;
            default:
                return false;
        }
    }

    private static bool Number(ReadOnlySpan<byte> content, bool signed, int longest, ref SnmpValue value)
    {
        if (content.Length > longest || !BerReader.TryInteger(content, signed, out var number))
            return false;
        value = new SnmpValue(SnmpKind.Number, number);
        return true;
    }

    private static string Printable(ReadOnlySpan<byte> content)
    {
        Span<char> text = stackalloc char[Math.Min(content.Length, MaxText)];
        for (var i = 0; i < text.Length; i++)
            text[i] = content[i] is >= 0x20 and < 0x7F ? (char)content[i] : '?';
        return new string(text).Trim();
    }

    private static byte[] Element(byte tag, byte[] content) => content.Length switch
    {
        < 0x80 => [tag, (byte)content.Length, .. content],
        < 0x100 => [tag, 0x81, (byte)content.Length, .. content],
        _ => [tag, 0x82, (byte)(content.Length >> 8), (byte)content.Length, .. content],
    };
}
