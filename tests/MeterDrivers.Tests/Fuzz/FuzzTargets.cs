using System.Text;

using MeterLab.MeterDrivers;
using MeterLab.MeterDrivers.Fields;
using MeterLab.MeterDrivers.Http;
using MeterLab.MeterDrivers.Modbus;
using MeterLab.MeterDrivers.Scpi;
using MeterLab.MeterDrivers.Serial.DsmrP1;
using MeterLab.MeterDrivers.Serial.Mcp39f511n;
using MeterLab.MeterDrivers.Serial.PowerSensor3;
using MeterLab.MeterDrivers.Serial.PowerSpy2;
using MeterLab.MeterDrivers.Serial.Sml;
using MeterLab.MeterDrivers.Serial.Telegrams;
using MeterLab.MeterDrivers.Serial.WattsUpPro;
using MeterLab.MeterDrivers.Snmp;
using MeterLab.MeterDrivers.Tests.Serial.Telegrams;

namespace MeterLab.Fuzz;

/// <summary>Every decoder of bytes that come over a wire, with its corpus of sound frames.</summary>
internal static class FuzzTargets
{
    // An exception with its text and stack.
    private const long Exceptions = 6000;

    /// <summary>The targets; each call makes decoders of its own.</summary>
    public static IReadOnlyList<FuzzTarget> Create() =>
    [
        Modbus("modbus-rtu", new RtuCodec(), [Rtu("0104 04 449A5000"), Rtu("01 84 02"), Rtu("01 03 04 00C8FFFF")]),
        Modbus("modbus-tcp", new TcpCodec(), [Tcp("0104 04 449A5000"), Tcp("01 84 02"), Tcp("01 03 04 00C8FFFF")]),
        PowerSensor3(),
        Mcp(),
        Telegram("powerspy2", () => new PowerSpyDecoder(0.0815476f, 0.000544977f), Encoding.ASCII.GetBytes(Frames.PowerSpy), "<K>"u8.ToArray()),
        Telegram("watts-up-pro", () => new WattsUpDecoder(), Encoding.ASCII.GetBytes(Frames.WattsUp), Encoding.ASCII.GetBytes(Frames.WattsUpHeader)),
        Telegram("dsmr-p1", () => new P1Decoder(), Frames.P1, Frames.P1WithoutSum),
        Telegram("dsmr-p1-without-sum", () => new P1Decoder(needsSum: false), Frames.P1, Frames.P1WithoutSum),
        Telegram("sml", () => new SmlDecoder(), Frames.Sml, Frames.SmlOf(98765)),
        SmlBody(),
        Snmp(),
        Scpi(),
        Http(),
    ];

    private static FuzzTarget Modbus(string name, FrameCodec codec, IReadOnlyList<byte[]> corpus)
    {
        var request = new ModbusRequest(1, ModbusFunction.ReadInputRegisters, 0x34, 2);
        var registers = new ushort[2];
        var sent = new byte[5];
        request.Encode([], sent);
        var first = new byte[FrameCodec.MaxFrame];
        return new FuzzTarget(name, corpus, Decode, Exceptions);

        bool Decode(byte[] bytes, int length)
        {
            // The transaction that the corpus answers is always the first one.
            if (codec is TcpCodec)
                codec = new TcpCodec();
            codec.Encode(1, sent, first);
            var received = bytes.AsSpan(0, Math.Min(length, FrameCodec.MaxFrame));
            var needed = codec.Needed(received);
            if (needed < 0 || needed > received.Length)
                return false;
            if (codec.Open(received[..needed], out var unit, out var pdu, out _) != FrameVerdict.Reply || unit != 1)
                return false;
            request.Decode("fuzz", pdu, sent, registers);
            return true;
        }
    }

    private static byte[] Rtu(string hex) => Framed(new RtuCodec(), hex);

    private static byte[] Tcp(string hex) => Framed(new TcpCodec(), hex);

    private static byte[] Framed(FrameCodec codec, string hex)
    {
        var body = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        var frame = new byte[body.Length - 1 + codec.Overhead];
        return frame[..codec.Encode(body[0], body.AsSpan(1), frame)];
    }

    private static FuzzTarget PowerSensor3()
    {
        var parser = new PowerSensor3Parser();
        byte[] set = [0xFF, 0x7F, 0x8D, 0x74, 0x95, 0x12, 0xA8, 0x00, 0xB5, 0x12, 0xC0, 0x00, 0xD0, 0x00, 0xE0, 0x00, 0xF0, 0x00];
        return new FuzzTarget("powersensor3", [set, [.. set, .. set, 0xFF, 0x3F]], Decode, 64);

        bool Decode(byte[] bytes, int length)
        {
            parser.Reset();
            ReadOnlySpan<byte> rest = bytes.AsSpan(0, length);
            var found = false;
            while (parser.TryNext(ref rest))
            {
                found = true;
                if (parser.Stamp is < 0 or > 1023 || parser.Levels.ContainsAnyExceptInRange((ushort)0, (ushort)1023))
                    throw new InvalidOperationException("a level beyond ten bits");
            }

            return found;
        }
    }

    private static FuzzTarget Mcp() => new("mcp39f511n", [Frames.Mcp39f501, [0x15], [0x51]], static (bytes, length) =>
    {
        var received = bytes.AsSpan(0, length);
        var needed = McpFrame.Needed(received, 22);
        if (needed < 0 || needed > length)
            return false;
        var data = McpFrame.Open(received[..needed], "fuzz", 4);
        foreach (var slot in McpFacts.OutputSlots)
            slot.Read(data);
        return true;
    }, Exceptions);

    private static FuzzTarget Telegram(string name, Func<ITelegramDecoder> create, params byte[][] corpus)
    {
        var decoder = create();
        return new FuzzTarget(name, corpus, Decode, 64);

        bool Decode(byte[] bytes, int length)
        {
            ReadOnlySpan<byte> rest = bytes.AsSpan(0, length);
            var found = false;
            var left = rest.Length;
            while (!rest.IsEmpty)
            {
                found |= decoder.TryNext(ref rest) == TelegramVerdict.Telegram;
                if (rest.Length >= left)
                    throw new InvalidOperationException("the decoder does not go on");
                left = rest.Length;
            }

            return found;
        }
    }

    // Behind a sum hardly a damaged file is ever looked into: so this one is without.
    private static FuzzTarget SmlBody()
    {
        var values = new ObisValues();
        var body = Frames.SmlOf(1234).AsSpan(8..^8).ToArray();
        // What is doubled on the way stands once in the file; fill zeros are cut by what the transport says.
        var at = body.AsSpan().IndexOf(new byte[] { 0x1B, 0x1B, 0x1B, 0x1B, 0x1B, 0x1B, 0x1B, 0x1B });
        if (at >= 0)
            body = [.. body[..at], .. body[(at + 4)..]];
        var fill = Frames.SmlOf(1234)[^3];
        return new FuzzTarget("sml-file", [body[..(body.Length - fill)]], (bytes, length) =>
        {
            values.Clear();
            var sound = SmlFile.TryRead(bytes.AsSpan(0, length), values);
            values.Finish();
            return sound;
        }, 64);
    }

    private static FuzzTarget Snmp()
    {
        var request = new SnmpRequest(2, "lab", [SnmpOid.Parse("1.3.6.1.4.1.318.1.1.12.1.16.0"), SnmpOid.Parse("1.3.6.1.4.1.318.1.1.26.4.3.1.9.1")], texts: true);
        var values = new SnmpValue[2];
        var question = request.Next(7).ToArray();
        return new FuzzTarget(
            "snmp",
            [question, Answer([0x02, 0x02, 0x04, 0xD2], [0x41, 0x04, 0xFF, 0xFF, 0xFF, 0xFF]), Answer([0x04, 0x03, 0x31, 0x32, 0x33], [0x81, 0x00])],
            (bytes, length) => request.Decode(bytes.AsSpan(0, length), values) == SnmpVerdict.Reply,
            1200);

        byte[] Answer(params byte[][] found)
        {
            byte[] bindings = [.. request.Objects.Zip(found).SelectMany(pair => Element(0x30, [.. Element(6, pair.First.Encoded), .. pair.Second]))];
            byte[] number = [2, 4, 1, 0, 0, 7];
            return Element(0x30, [2, 1, 1, 4, 3, .. "lab"u8, .. Element(0xA2, [.. number, 2, 1, 0, 2, 1, 0, .. Element(0x30, bindings)])]);
        }

        static byte[] Element(byte tag, byte[] content) => content.Length < 128 ? [tag, (byte)content.Length, .. content] : [tag, 0x81, (byte)content.Length, .. content];
    }

    private static FuzzTarget Scpi()
    {
        var codes = new FieldCode[3];
        IReadOnlyList<double>[] none = [[], [-1], []];
        return new FuzzTarget(
            "scpi",
            ["230.12E+00,0.4321E+00,98.76E+00"u8.ToArray(), ":NUM:NORM:VAL 1,-1,9.91E+37"u8.ToArray(), "NAN,INF,-INF"u8.ToArray()],
            (bytes, length) =>
            {
                if (!ScpiList.TryRead(bytes.AsSpan(0, length), ',', none, codes))
                    return false;
                foreach (var (code, flags) in codes)
                {
                    // What is not flagged must be a number that can be reckoned with.
                    if (flags == Measurement.Samples.SampleFlags.None && !double.IsFinite(BitConverter.Int64BitsToDouble(code)))
                        throw new InvalidOperationException("no number, and no flag");
                }

                return true;
            },
            64);
    }

    private static FuzzTarget Http()
    {
        var power = JsonPath.Parse("meters[0].power");
        var id = JsonPath.Parse("id");
        return new FuzzTarget(
            "http-json",
            [
                """{"meters":[{"power":61.05,"is_valid":true,"total":1234,"counters":[60.1,60.2]}],"id":0}"""u8.ToArray(),
                """{"id":"\ud83d\ude00","meters":[{"power":null}],"x":[[[[1e-3,-0,1E+400]]]]}"""u8.ToArray(),
            ],
            (bytes, length) =>
            {
                using var reply = JsonReply.Read(bytes.AsMemory(0, length));
                if (reply is null)
                    return false;
                _ = reply.Has(power);
                _ = reply.Text(id);
                var (code, flags) = reply.Number(power, []);
                if (flags == Measurement.Samples.SampleFlags.None && !double.IsFinite(BitConverter.Int64BitsToDouble(code)))
                    throw new InvalidOperationException("no number, and no flag");
                return flags == Measurement.Samples.SampleFlags.None;
            },
            Exceptions);
    }
}
