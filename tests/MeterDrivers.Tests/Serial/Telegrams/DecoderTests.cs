using System.Text;

using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Serial.DsmrP1;
using MeterLab.MeterDrivers.Serial.Mcp39f511n;
using MeterLab.MeterDrivers.Serial.PowerSpy2;
using MeterLab.MeterDrivers.Serial.Sml;
using MeterLab.MeterDrivers.Serial.Telegrams;
using MeterLab.MeterDrivers.Serial.WattsUpPro;

namespace MeterLab.MeterDrivers.Tests.Serial.Telegrams;

public sealed class DecoderTests
{
    private static readonly (Func<ITelegramDecoder> Create, byte[] Frame, (int Index, double Value)[] Values)[] All =
    [
        (() => new P1Decoder(), Frames.P1, [(0, 193), (1, -1250), (4, 12346.678 * 3.6e6), (5, 1.8e6), (6, 230.1), (9, 1)]),
        (() => new SmlDecoder(), Frames.Sml, [(0, -123.4), (4, 5000.1 * 3600), (6, 230.6)]),
        (() => new WattsUpDecoder(), Encoding.ASCII.GetBytes(Frames.WattsUp), [(0, 124), (1, 1191), (2, 97), (13, 100), (16, 600), (17, 116)]),
        (() => new PowerSpyDecoder(0.0815476f, 0.000544977f), Encoding.ASCII.GetBytes(Frames.PowerSpy), [(0, 171.140), (1, 230.702), (2, 0.78317)]),
    ];

    public static TheoryData<int> Protocols => [0, 1, 2, 3];

    [Fact]
    public void The_sums_have_their_check_values()
    {
        Assert.Equal(0xBB3D, ReflectedCrc16.Arc.Compute("123456789"u8));
        Assert.Equal(0x906E, ReflectedCrc16.X25.Compute("123456789"u8));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void A_golden_telegram_gives_its_values_at_any_split(int protocol)
    {
        var (create, frame, values) = All[protocol];
        for (var size = 1; size <= frame.Length; size += size < 8 ? 1 : 13)
        {
            var decoder = create();
            var found = 0;
            foreach (var part in frame.Concat(frame).Chunk(size))
                found += Count(decoder, part, out _);
            Assert.Equal(2, found);
            Assert.All(values, v => Assert.Equal(v.Value, BitConverter.Int64BitsToDouble(decoder.Values[v.Index].Code), Math.Abs(v.Value) * 1e-5));
        }
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Behind_garbage_and_behind_a_telegram_cut_short_the_next_one_is_found(int protocol)
    {
        var (create, frame, _) = All[protocol];
        var random = new Random(protocol);
        for (var round = 0; round < 300; round++)
        {
            var garbage = new byte[random.Next(40)];
            random.NextBytes(garbage);
            var decoder = create();
            byte[] stream = [.. garbage, .. frame[..random.Next(frame.Length - 2)], .. frame, .. frame];

            // The one directly behind may fall to a frame that garbage seemed to begin; the one after it never does.
            Assert.InRange(Count(decoder, stream, out _), 1, 2);
            Assert.False(decoder.HasBegun);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void No_single_damaged_byte_of_a_summed_telegram_is_accepted(int protocol)
    {
        var (create, frame, _) = All[protocol];
        for (var place = 0; place < frame.Length; place++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var damaged = frame.ToArray();
                damaged[place] ^= (byte)(1 << bit);
                // The sum's own digits may be written small, and a line may end without its return.
                if (protocol == 0 && (place >= frame.Length - 6 || damaged[place] is (byte)'/' or (byte)'\n'))
                    continue;
                Assert.Equal(0, Count(create(), damaged, out _));
            }
        }
    }

    [Fact]
    public void A_telegram_without_a_sum_counts_only_where_that_was_asked_for()
    {
        Assert.Equal(0, Count(new P1Decoder(), Frames.P1WithoutSum, out var damaged));
        Assert.Equal(1, damaged);
        Assert.Equal(1, Count(new P1Decoder(needsSum: false), Frames.P1WithoutSum, out _));
        Assert.Equal(1, Count(new P1Decoder(needsSum: false), Frames.P1, out _));
    }

    [Theory]
    [InlineData("#d,-,18,124,1191;")]
    [InlineData("#d,-,17,124,1191,97,0,_,_,_,124,1191,97,124,1191,97,100,_,_,600;")]
    [InlineData("#d,-,18,124,1191,97,0,_,_,_,124,1191,97,124,1191,97,100,_,_,600,116,1;")]
    [InlineData("#d,-,18,12.4,1191,97,0,_,_,_,124,1191,97,124,1191,97,100,_,_,600,116;")]
    [InlineData("#d,-,18,-124,1191,97,0,_,_,_,124,1191,97,124,1191,97,100,_,_,600,116;")]
    [InlineData("#d,-,18,,1191,97,0,_,_,_,124,1191,97,124,1191,97,100,_,_,600,116;")]
    public void A_record_with_another_number_of_fields_or_no_numbers_is_given_up(string record)
    {
        Assert.Equal(0, Count(new WattsUpDecoder(), Encoding.ASCII.GetBytes(record), out var damaged));
        Assert.Equal(1, damaged);
    }

    [Fact]
    public void Without_a_load_the_power_of_a_PowerSpy_is_nothing_and_a_reversed_one_is_negative()
    {
        var decoder = new PowerSpyDecoder(1, 1);
        Assert.Equal(1, Count(decoder, "<00000000 00000000 FFFFFFFF 0000 0000>"u8.ToArray(), out _));
        Assert.Equal(0, BitConverter.Int64BitsToDouble(decoder.Values[0].Code));
        Assert.Equal(1, Count(decoder, "<00000004 00000004 FFFFFFFC 0000 0000>"u8.ToArray(), out _));
        Assert.Equal(-4, BitConverter.Int64BitsToDouble(decoder.Values[0].Code));
        Assert.Equal(SampleFlags.None, decoder.Values[0].Flags);
    }

    [Fact]
    public void Frames_of_the_power_monitors_are_the_makers()
    {
        Assert.Equal("A5084100164E085A", Convert.ToHexString(McpFrame.Question(0x0016, 8)));
        var data = McpFrame.Open(Frames.Mcp39f501, "x", 4).ToArray();
        double[] expected = [0.6350, 229.0, 143.94, 1.02, 144.83, 0.9938, 50.842];
        Assert.All(McpFacts.OutputFields, field =>
            Assert.Equal(expected[field.Index], field.Scale.ToValue(McpFacts.OutputSlots[field.Index].Read(data)), 5e-5));
    }

    [Fact]
    public void A_damaged_answer_of_a_power_monitor_is_never_taken()
    {
        for (var place = 0; place < Frames.Mcp39f501.Length; place++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var damaged = Frames.Mcp39f501.ToArray();
                damaged[place] ^= (byte)(1 << bit);
                var needed = McpFrame.Needed(damaged, 22);
                if (needed == damaged.Length)
                    Assert.Equal(LinkFailure.Corrupt, Assert.Throws<LinkException>(() => McpFrame.Open(damaged, "x", 4).ToArray()).Failure);
                else
                    Assert.True(needed is -1 or 1);
            }
        }
    }

    private static int Count(ITelegramDecoder decoder, ReadOnlySpan<byte> bytes, out int damaged)
    {
        var found = 0;
        damaged = 0;
        while (!bytes.IsEmpty)
        {
            var verdict = decoder.TryNext(ref bytes);
            found += verdict == TelegramVerdict.Telegram ? 1 : 0;
            damaged += verdict == TelegramVerdict.Damaged ? 1 : 0;
        }

        return found;
    }
}
