using MeterLab.Measurement.Samples;

namespace MeterLab.Storage.Traces;

/// <summary>A row of the table <c>chunk</c>.</summary>
internal sealed record ChunkRow
{
    private const string Columns = "SELECT trace, sequence, first_ns, last_ns, count, flags, lost_before, codec, crc32c AS checksum, payload FROM chunk";

    public long Trace { get; init; }
    public long Sequence { get; init; }
    public long FirstNs { get; init; }
    public long LastNs { get; init; }
    public long Count { get; init; }
    public long Flags { get; init; }
    public long LostBefore { get; init; }
    public long Codec { get; init; }
    public long Checksum { get; init; }
    public byte[] Payload { get; init; } = [];

    /// <summary>The samples that it says it holds, as far as that can be.</summary>
    public int Capacity => (int)Math.Clamp(Count, 0, ChunkCodec.MaxSamples);

    public static ChunkRow? Read(Database database, long trace, long sequence) =>
        database.First<ChunkRow>(Columns + " WHERE trace = @trace AND sequence = @sequence", new { trace, sequence });

    /// <summary>Rows of a trace, in order.</summary>
    public static IReadOnlyList<ChunkRow> Between(Database database, long trace, long first, long last) => database.Query<ChunkRow>(
        Columns + " WHERE trace = @trace AND sequence BETWEEN @first AND @last ORDER BY sequence", new { trace, first, last });

    /// <summary>Checks and decodes; what does not hold is said, never thrown: the rest of a trace stays readable.</summary>
    public TraceChunk Open()
    {
        var samples = new RawSample[Capacity];
        var count = OpenInto(samples, out var damage);
        return new TraceChunk(Trace, Sequence, FirstNs, LastNs, samples.AsMemory(0, count), LostBefore, damage);
    }

    /// <summary>As <see cref="Open"/>, into a buffer; how many samples. Where there is damage nothing in the buffer counts.</summary>
    public int OpenInto(Span<RawSample> buffer, out string? damage)
    {
        if (Crc32C.OfChunk(Trace, Sequence, Payload) != Checksum)
        {
            damage = "its bytes do not match its checksum";
            return 0;
        }

        var count = ChunkCodec.Decode(Payload, buffer, out var problem);
        if (count == 0)
        {
            damage = problem;
            return 0;
        }

        var extent = ChunkExtent.Of(buffer[..count]);
        if (count != Count || extent.FirstNs != FirstNs || extent.LastNs != LastNs || (long)extent.Flags != Flags)
        {
            damage = "its row does not match its content (count, times or flags)";
            return 0;
        }

        damage = null;
        return count;
    }
}

/// <summary>What a chunk's row says of its samples.</summary>
internal readonly record struct ChunkExtent(long FirstNs, long LastNs, SampleFlags Flags)
{
    public static ChunkExtent Of(ReadOnlySpan<RawSample> samples)
    {
        var extent = new ChunkExtent(long.MaxValue, long.MinValue, SampleFlags.None);
        foreach (ref readonly var sample in samples)
        {
            extent = new ChunkExtent(
                Math.Min(extent.FirstNs, sample.BeforeNs), Math.Max(extent.LastNs, sample.AfterNs), extent.Flags | sample.Flags);
        }

        return extent;
    }
}
