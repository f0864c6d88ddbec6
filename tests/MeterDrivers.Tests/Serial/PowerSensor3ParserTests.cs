using CsCheck;

using MeterLab.MeterDrivers.Serial.PowerSensor3;

namespace MeterLab.MeterDrivers.Tests.Serial;

public sealed class PowerSensor3ParserTests
{
    // Stamp 341 us; sensors 0 to 7 at 512, 1023, 0, 1, 64, 63, 682, 1023; no marker.
    private static readonly byte[] Golden =
    [
        0xF5, 0x55, 0x88, 0x00, 0x9F, 0x3F, 0xA0, 0x00, 0xB0, 0x01, 0xC1, 0x00, 0xD0, 0x3F, 0xEA, 0x2A, 0xFF, 0x3F,
    ];

    [Fact]
    public void A_golden_set_has_its_levels_and_its_stamp()
    {
        var parser = new PowerSensor3Parser();
        ReadOnlySpan<byte> bytes = Golden;
        Assert.True(parser.TryNext(ref bytes));
        Assert.True(bytes.IsEmpty);
        Assert.Equal(341, parser.Stamp);
        Assert.Equal(new ushort[] { 512, 1023, 0, 1, 64, 63, 682, 1023 }, parser.Levels.ToArray());
        Assert.False(parser.Marker);
        Assert.False(parser.Damaged);
    }

    [Fact]
    public void The_marker_on_sensor_0_is_the_sets_marker()
    {
        var marked = Golden.ToArray();
        marked[3] |= 0x40;
        Assert.Equal([(341, true, false), (341, false, false)], Parse([.. marked, .. Golden], 100));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(17)]
    [InlineData(19)]
    public void Sets_are_found_at_any_split_of_the_bytes(int chunk)
    {
        var stream = Enumerable.Repeat(Golden, 5).SelectMany(b => b).ToArray();
        Assert.Equal(Enumerable.Repeat((341, false, false), 5), Parse(stream, chunk));
    }

    [Fact]
    public void A_byte_lost_anywhere_costs_one_set_and_marks_the_next()
    {
        for (var lost = PowerSensor3Parser.SetLength; lost < 2 * PowerSensor3Parser.SetLength; lost++)
        {
            List<byte> stream = [.. Golden, .. Golden, .. Golden, .. Golden];
            stream.RemoveAt(lost);
            Assert.Equal([(341, false, false), (341, false, true), (341, false, false)], Parse([.. stream], 5));
        }
    }

    [Fact]
    public void A_stream_joined_in_the_middle_begins_with_the_next_whole_set()
    {
        for (var skip = 2; skip < PowerSensor3Parser.SetLength; skip += 2)
            Assert.Equal([(341, false, false)], Parse([.. Golden.AsSpan(skip), .. Golden], 3));
    }

    [Fact]
    public void The_stop_code_is_no_set()
    {
        Assert.Equal([(341, false, false)], Parse([.. Golden, 0xFF, 0x3F, 0xFF, 0x3F], 4));
    }

    [Fact]
    public void What_was_written_is_read_whatever_the_levels() => Gen.Select(Gen.UShort[0, 1023].Array[8], Gen.Int[0, 1023], Gen.Bool).Sample((levels, stamp, marker) =>
    {
        var parser = new PowerSensor3Parser();
        ReadOnlySpan<byte> bytes = FakePowerSensor3.Set(stamp, levels, marker);
        return parser.TryNext(ref bytes) && parser.Stamp == stamp && parser.Marker == marker && parser.Levels.SequenceEqual(levels);
    });

    [Fact]
    public void Noise_never_breaks_the_parser_and_a_set_after_it_is_found() => Gen.Byte.Array[0, 200].Sample(noise =>
    {
        // The first set after noise may be taken for part of it, the second cannot.
        var found = Parse([.. noise, .. Golden, .. Golden], 6);
        return found.Count >= 1 && found[^1].Stamp == 341;
    });

    private static List<(int Stamp, bool Marker, bool Damaged)> Parse(byte[] stream, int chunk)
    {
        var parser = new PowerSensor3Parser();
        List<(int, bool, bool)> found = [];
        for (var i = 0; i < stream.Length; i += chunk)
        {
            ReadOnlySpan<byte> bytes = stream.AsSpan(i, Math.Min(chunk, stream.Length - i));
            while (parser.TryNext(ref bytes))
                found.Add((parser.Stamp, parser.Marker, parser.Damaged));
        }

        return found;
    }
}
