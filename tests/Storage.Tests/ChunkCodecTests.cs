using System.Text;

using MeterLab.Measurement.Samples;
using MeterLab.Storage.Traces;

using CsCheck;

namespace MeterLab.Storage.Tests;

public class ChunkCodecTests
{
    private static readonly long[] Extremes = [long.MinValue, long.MaxValue, 0, -1, 1];

    private static readonly Gen<long> AnyLong = Gen.Frequency(
        (3, Gen.Long), (2, Gen.Int[0, Extremes.Length - 1].Select(i => Extremes[i])), (3, Gen.Long[-1000, 1000]));

    private static readonly Gen<SampleFlags> AnyFlags =
        Gen.Frequency((5, Gen.Const(SampleFlags.None)), (1, Gen.Int.Select(bits => (SampleFlags)bits)));

    private static readonly Gen<RawSample> AnySample =
        Gen.Select(AnyLong, AnyLong, AnyLong, AnyLong, AnyFlags, (a, b, c, d, flags) => new RawSample(a, b, c, d, flags));

    [Fact]
    public void Any_samples_come_back_as_they_were() =>
        AnySample.Array[1, 300].Sample(samples => Decode(Encode(samples)).AsSpan().SequenceEqual(samples), iter: 2000);

    [Fact]
    public void Any_samples_fit_the_room_that_is_kept_for_them()
    {
        // Alternating extremes cost most: every difference is as wide as it can be.
        var samples = Enumerable.Range(0, ChunkCodec.MaxSamples).Select(i =>
        {
            var value = i % 2 == 0 ? long.MinValue / 2 : long.MaxValue / 2;
            return new RawSample(value, 0, value, value, (SampleFlags)(i % 2 == 0 ? -1 : int.MinValue));
        }).ToArray();
        Assert.Equal(samples, Decode(Encode(samples)));
    }

    [Fact]
    public void A_layout_once_written_never_changes()
    {
        RawSample[] samples =
        [
            new(1000, 1010, 0, 500, SampleFlags.None),
            new(2000, 2010, 0, 500, SampleFlags.None),
            new(3000, 3012, 0, 497, SampleFlags.Gap | SampleFlags.Retried),
        ];
        const string golden = "0103"      // version 1, three samples
            + "01" + "D00F" + "D00F" + "D00F" // before: first differences 1000, 1000, 1000, zig-zag
            + "01" + "14" + "0000" + "04"     // width: 10, no change (a run of one), +2
            + "01" + "0002"                   // device: a run of three zeros
            + "01" + "E807" + "0000" + "05"   // code: 500, no change, -3
            + "0002" + "0301";                // flags: two with none, one with Gap and Retried
        Assert.Equal(golden, Convert.ToHexString(Encode(samples)));
        Assert.Equal(samples, Decode(Convert.FromHexString(golden)));
    }

    [Fact]
    public void A_realistic_trace_at_1_kHz_takes_at_most_eight_bytes_a_sample()
    {
        // An INA226 polled at 1 kHz: jitter of the poll, of the exchange's length, and a load that wanders with noise.
        var random = new Random(1);
        var at = 5_000_000_000_000L;
        var code = 12_000.0;
        var samples = new RawSample[1000];
        foreach (ref var sample in samples.AsSpan())
        {
            at += 1_000_000 + random.Next(-60_000, 60_000);
            code += random.Next(-15, 16);
            sample = new RawSample(at, at + 180_000 + random.Next(0, 40_000), 0, (long)code + random.Next(-8, 9), SampleFlags.None);
        }

        var bytes = Encode(samples).Length / 1000.0;
        TestContext.Current.TestOutputHelper?.WriteLine($"{bytes} bytes a sample");
        Assert.InRange(bytes, 4, 8);
    }

    [Fact]
    public void An_even_device_clock_costs_next_to_nothing()
    {
        var samples = Enumerable.Range(0, 4096).Select(i => new RawSample(1000, 2000, 50_000L * i, 7, SampleFlags.None)).ToArray();
        Assert.InRange(Encode(samples).Length, 10, 60);
    }

    [Fact]
    public void Damaged_bytes_are_refused_or_read_and_never_throw() =>
        Gen.Select(AnySample.Array[1, 40], Gen.Int, Gen.Byte[1, 255], Gen.Bool).Sample((samples, where, mask, cut) =>
        {
            var payload = Encode(samples);
            var at = (int)((uint)where % payload.Length);
            payload[at] ^= mask;
            ReadOnlySpan<byte> damaged = cut ? payload.AsSpan(0, at) : payload;
            // Bytes alone do not always show damage; the checksum does. Here it must only not run astray.
            var back = ChunkCodec.Decode(damaged, out var problem);
            Assert.Equal(back is null, problem.Length > 0);
        }, iter: 5000);

    [Fact]
    public void Random_bytes_never_throw() =>
        Gen.Byte.Array[0, 200].Sample(bytes => { ChunkCodec.Decode(bytes, out _); }, iter: 5000);

    [Fact]
    public void A_layout_of_the_future_is_refused_by_number()
    {
        Assert.Null(ChunkCodec.Decode([9, 1], out var problem));
        Assert.Contains("layout 9", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_checksum_is_Castagnolis() =>
        Assert.Equal(0xE3069283u, Crc32C.Of(Encoding.ASCII.GetBytes("123456789")));

    [Fact]
    public void The_checksum_of_a_chunk_covers_its_place()
    {
        byte[] payload = [1, 2, 3];
        var crc = Crc32C.OfChunk(1, 2, payload);
        Assert.NotEqual(crc, Crc32C.OfChunk(2, 2, payload));
        Assert.NotEqual(crc, Crc32C.OfChunk(1, 3, payload));
        Assert.Equal(crc, Crc32C.Of([1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, .. payload]));
    }

    [Theory]
    [InlineData(0ul, 1)]
    [InlineData(127ul, 1)]
    [InlineData(128ul, 2)]
    [InlineData(ulong.MaxValue, 10)]
    public void A_varint_is_as_long_as_said(ulong value, int length)
    {
        var writer = new VarintWriter(stackalloc byte[10]);
        writer.Write(value);
        Assert.Equal(length, writer.Position);
        Assert.Equal(length, VarintWriter.SizeOf(value));
    }

    private static byte[] Encode(RawSample[] samples)
    {
        var room = new byte[ChunkCodec.MaxSize(samples.Length)];
        return room[..ChunkCodec.Encode(samples, room)];
    }

    private static RawSample[] Decode(byte[] payload)
    {
        var samples = ChunkCodec.Decode(payload, out var problem);
        Assert.True(samples is not null, problem);
        return samples;
    }
}
