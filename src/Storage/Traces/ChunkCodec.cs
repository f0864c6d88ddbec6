using System.Buffers;

using MeterLab.Measurement.Samples;

namespace MeterLab.Storage.Traces;

/// <summary>
/// Samples to bytes and back, losslessly. Layout: version, count, then the columns before stamps, widths (after - before), device
/// stamps, codes (each a <see cref="DeltaColumn"/>), and flags as pairs of value and run length; all numbers varint.
/// </summary>
/// <remarks>Stored chunks are never rewritten: a better layout gets the next version, and this one stays readable.</remarks>
internal static class ChunkCodec
{
    /// <summary>The layout that is written.</summary>
    public const int Version = 1;

    /// <summary>The most samples in a chunk.</summary>
    public const int MaxSamples = 4096;

    private const int Columns = 4;

    /// <summary>Room that any such chunk fits in: at most ten bytes a value, six for flags, and the frame.</summary>
    public static int MaxSize(int count) => 32 + count * (Columns * 10 + 6);

    /// <summary>Encodes 1 to <see cref="MaxSamples"/> samples; returns the bytes used. Allocates nothing in steady state.</summary>
    public static int Encode(ReadOnlySpan<RawSample> samples, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfZero(samples.Length, nameof(samples));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(samples.Length, MaxSamples, nameof(samples));
        var writer = new VarintWriter(destination);
        writer.Write(Version);
        writer.Write((ulong)samples.Length);
        var scratch = ArrayPool<long>.Shared.Rent(samples.Length);
        try
        {
            var values = scratch.AsSpan(0, samples.Length);
            for (var column = 0; column < Columns; column++)
            {
                for (var i = 0; i < values.Length; i++)
                    values[i] = Pick(samples[i], column);
                DeltaColumn.Write(values, ref writer);
            }
        }
        finally
        {
            ArrayPool<long>.Shared.Return(scratch);
        }

        WriteFlags(samples, ref writer);
        return writer.Position;
    }

    /// <summary>Decodes a chunk; null where the bytes are none, with <paramref name="problem"/> saying why.</summary>
    public static RawSample[]? Decode(ReadOnlySpan<byte> payload, out string problem)
    {
        var reader = new VarintReader(payload);
        var samples = new RawSample[reader.TryRead(out _) && reader.TryRead(out var count) && count <= MaxSamples ? (int)count : 0];
        return Decode(payload, samples, out problem) > 0 ? samples : null;
    }

    /// <summary>
    /// Decodes a chunk into a buffer; how many samples, or 0 where the bytes are no chunk or more than the buffer holds, with
    /// <paramref name="problem"/> saying why.
    /// </summary>
    public static int Decode(ReadOnlySpan<byte> payload, Span<RawSample> buffer, out string problem)
    {
        var reader = new VarintReader(payload);
        problem = "it ends too early or is not laid out as a chunk";
        if (!reader.TryRead(out var version))
            return 0;
        if (version != Version)
        {
            problem = $"its layout {version} is not known to this program";
            return 0;
        }

        if (!reader.TryRead(out var count) || count is 0 or > MaxSamples)
            return 0;
        if (count > (ulong)buffer.Length)
        {
            problem = "it holds more samples than its row says";
            return 0;
        }

        var samples = buffer[..(int)count];
        if (!TryReadColumns(samples, ref reader))
            return 0;
        problem = reader.AtEnd ? "" : "it is longer than what it holds";
        return reader.AtEnd ? samples.Length : 0;
    }

    private static bool TryReadColumns(Span<RawSample> samples, ref VarintReader reader)
    {
        var scratch = ArrayPool<long>.Shared.Rent(samples.Length * Columns);
        try
        {
            var values = scratch.AsSpan(0, samples.Length * Columns);
            for (var column = 0; column < Columns; column++)
            {
                if (!DeltaColumn.TryRead(values.Slice(column * samples.Length, samples.Length), ref reader))
                    return false;
            }

            return TryReadFlags(samples, values, ref reader);
        }
        finally
        {
            ArrayPool<long>.Shared.Return(scratch);
        }
    }

    private static long Pick(in RawSample sample, int column) => column switch
    {
        0 => sample.BeforeNs,
        1 => unchecked(sample.AfterNs - sample.BeforeNs),
        2 => sample.DeviceNs,
        _ => sample.Code,
    };

    private static void WriteFlags(ReadOnlySpan<RawSample> samples, ref VarintWriter writer)
    {
        for (var i = 0; i < samples.Length;)
        {
            var flags = samples[i].Flags;
            var run = 1;
            while (i + run < samples.Length && samples[i + run].Flags == flags)
                run++;
            writer.Write((uint)flags);
            writer.Write((uint)run);
            i += run;
        }
    }

    private static bool TryReadFlags(Span<RawSample> samples, ReadOnlySpan<long> values, ref VarintReader reader)
    {
        var count = samples.Length;
        for (var i = 0; i < count;)
        {
            if (!reader.TryRead(out var flags) || flags > uint.MaxValue)
                return false;
            if (!reader.TryRead(out var run) || run == 0 || run > (ulong)(count - i))
                return false;
            for (var end = i + (int)run; i < end; i++)
            {
                var before = values[i];
                samples[i] = new RawSample(
                    before, unchecked(before + values[count + i]), values[2 * count + i], values[3 * count + i], unchecked((SampleFlags)(uint)flags));
            }
        }

        return true;
    }
}
