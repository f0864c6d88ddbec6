using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;

namespace MeterLab.Storage.Traces;

/// <summary>Recorded samples: written once by a <see cref="TraceRecorder"/>, read back in ranges of time.</summary>
public sealed class TraceStore
{
    private const string Columns =
        """
        SELECT trace.id, campaign, run, session, boot, description, clock, meter_uri, profile_sha256
        FROM trace JOIN session ON session.id = trace.session
        """;

    // A quarter of a megabyte at 1 kHz: long enough to be quick, short enough to let a recorder in between.
    private const int RowsAtOnce = 32;

    private readonly StoreContext _context;

    internal TraceStore(StoreContext context) => _context = context;

    /// <summary>
    /// Starts a recorder. Stop it before the store is disposed. <paramref name="campaign"/> is what its traces and events belong to; null outside one.
    /// </summary>
    public TraceRecorder Record(string? campaign) => new(_context, this, campaign);

    /// <summary>The trace of this id; null where there is none.</summary>
    public TraceRecord? Find(long id) => _context.Database.First<TraceRecord>(Columns + " WHERE trace.id = @id", new { id });

    /// <summary>All traces of a campaign, by meter, channel and age. A resumed campaign has several of one channel.</summary>
    public IReadOnlyList<TraceRecord> OfCampaign(string campaign) => _context.Database.Query<TraceRecord>(
        Columns + " WHERE campaign = @campaign ORDER BY meter, channel, trace.id", new { campaign });

    /// <summary>The traces of one quantity of one channel in a campaign, the oldest first.</summary>
    public IReadOnlyList<TraceRecord> OfChannel(string campaign, ChannelId channel, Quantity quantity) => _context.Database.Query<TraceRecord>(
        Columns + " WHERE campaign = @campaign AND meter = @Meter AND channel = @Channel AND quantity = @quantity ORDER BY trace.id",
        new { campaign, channel.Meter, channel.Channel, quantity = EnumText.Of(quantity) });

    /// <summary>How much there is of a trace, from the rows alone.</summary>
    public TraceSpan? Span(long trace) => _context.Database.First<TraceSpan>(
        StoreInspector.Spans + " WHERE trace.id = @trace GROUP BY trace.id", new { trace });

    /// <summary>The chunks that touch a range of the trace's clock, in order, without their samples.</summary>
    public IReadOnlyList<ChunkMark> Marks(long trace, long fromNs, long toNs) => _context.Database.Query<ChunkMark>(
        """
        SELECT sequence, count, crc32c AS checksum FROM chunk
        WHERE trace = @trace AND last_ns >= @fromNs AND first_ns <= @toNs ORDER BY sequence
        """,
        new { trace, fromNs, toNs });

    /// <summary>
    /// The chunks that touch a range of the trace's clock, in order, each checked; a damaged one says so and has no samples.
    /// Reads a few chunks at a time, beside a recorder that may be writing.
    /// </summary>
    public IEnumerable<TraceChunk> Read(long trace, long fromNs = long.MinValue, long toNs = long.MaxValue) =>
        Rows(trace, Touching(trace, fromNs, toNs)).Select(row => row.Open());

    /// <summary>
    /// The samples whose brackets touch a range of the trace's clock, in order, in an array that the caller owns. A chunk that is damaged or
    /// missing becomes a finding that names it, and a <see cref="SampleFlags.Gap"/> on the sample after it.
    /// </summary>
    public RawSample[] Samples(long trace, long fromNs, long toNs, ICollection<Finding> findings)
    {
        ArgumentNullException.ThrowIfNull(findings);
        var sequences = Touching(trace, fromNs, toNs);
        // Unpacked where they stay: ten minutes at 1 kHz are 24 MB, and a copy would be as much again.
        var samples = GC.AllocateUninitializedArray<RawSample>(Capacity(trace, sequences));
        var count = 0;
        var previous = -1L;
        var gap = false;
        foreach (var (row, start, unpacked, damage) in Unpacked(trace, sequences, samples, () => count))
        {
            if (previous >= 0 && row.Sequence != previous + 1)
            {
                findings.Add(Damaged(trace, $"chunks {previous + 1} to {row.Sequence - 1} are missing"));
                gap = true;
            }

            previous = row.Sequence;
            if (damage is not null)
            {
                findings.Add(Damaged(trace, $"chunk {row.Sequence} is damaged: {damage}"));
                gap = true;
                continue;
            }

            if (start != count)
                samples.AsSpan(start, unpacked).CopyTo(samples.AsSpan(count));
            var isInside = row.FirstNs >= fromNs && row.LastNs <= toNs && !gap;
            count += isInside ? unpacked : Keep(samples.AsSpan(count, unpacked), fromNs, toNs, gap);
            gap = false;
        }

        if (count < samples.Length)
            Array.Resize(ref samples, count);
        return samples;
    }

    /// <summary>Adds the row that a recorder's chunks belong to.</summary>
    internal long Add(TraceRecord trace)
    {
        SecretGuard.Check(trace.MeterUri, "A meter's address");
        return _context.Database.Insert(
            """
            INSERT INTO trace (campaign, run, session, meter, channel, quantity, clock, description, meter_uri, profile_sha256)
            VALUES (@Campaign, @Run, @Session, @Meter, @Channel, @quantity, @Clock, @Description, @MeterUri, @ProfileSha256)
            """,
            new
            {
                trace.Campaign, trace.Run, _context.Session, trace.Description.Channel.Meter, trace.Description.Channel.Channel,
                quantity = EnumText.Of(trace.Description.Quantity), trace.Clock, trace.Description, trace.MeterUri, trace.ProfileSha256,
            });
    }

    // Answered by the index on times alone; asking for more here would read every page of the trace.
    private IReadOnlyList<long> Touching(long trace, long fromNs, long toNs) => _context.Database.Query<long>(
        "SELECT sequence FROM chunk WHERE trace = @trace AND last_ns >= @fromNs AND first_ns <= @toNs ORDER BY sequence",
        new { trace, fromNs, toNs });

    private int Capacity(long trace, IReadOnlyList<long> sequences) => sequences.Count == 0 ? 0 : checked((int)_context.Database.First<long>(
        "SELECT coalesce(sum(min(max(count, 0), @most)), 0) FROM chunk WHERE trace = @trace AND sequence BETWEEN @first AND @last",
        new { trace, first = sequences[0], last = sequences[^1], most = ChunkCodec.MaxSamples }));

    private IEnumerable<ChunkRow> Rows(long trace, IReadOnlyList<long> sequences)
    {
        for (var i = 0; i < sequences.Count; i += RowsAtOnce)
        {
            foreach (var row in Batch(trace, sequences, i))
                yield return row;
        }
    }

    // The rows from one of these sequences on; none behind the last.
    private IReadOnlyList<ChunkRow> Batch(long trace, IReadOnlyList<long> sequences, int first) => first >= sequences.Count ? []
        : ChunkRow.Between(_context.Database, trace, sequences[first], sequences[Math.Min(first + RowsAtOnce, sequences.Count) - 1]);

    // Each row in order with where its samples lie, how many they are and what is wrong with them. All cores unpack a batch, from where
    // the caller's samples end by then, while this thread, which may be within a transaction, reads the next.
    private IEnumerable<(ChunkRow Row, int Start, int Unpacked, string? Damage)> Unpacked(
        long trace, IReadOnlyList<long> sequences, RawSample[] samples, Func<int> end)
    {
        var rows = Batch(trace, sequences, 0);
        for (var i = 0; i < sequences.Count; i += RowsAtOnce)
        {
            var results = new (ChunkRow Row, int Start, int Unpacked, string? Damage)[rows.Count];
            var start = end();
            for (var k = 0; k < rows.Count; k++)
            {
                results[k] = (rows[k], start, 0, null);
                start = Math.Min(samples.Length, start + rows[k].Capacity);
            }

            var work = Task.Run(() => Parallel.For(0, results.Length, k => Unpack(ref results[k], samples)));
            rows = Batch(trace, sequences, i + RowsAtOnce);
            work.GetAwaiter().GetResult();
            foreach (var result in results)
                yield return result;
        }
    }

    private static void Unpack(ref (ChunkRow Row, int Start, int Unpacked, string? Damage) result, RawSample[] samples)
    {
        var room = Math.Min(result.Row.Capacity, samples.Length - result.Start);
        result.Unpacked = result.Row.OpenInto(samples.AsSpan(result.Start, room), out result.Damage);
    }

    // Moves those in the range to the front; how many they are.
    private static int Keep(Span<RawSample> chunk, long fromNs, long toNs, bool gap)
    {
        if (gap && chunk.Length > 0)
            chunk[0] = chunk[0] with { Flags = chunk[0].Flags | SampleFlags.Gap };
        var kept = 0;
        for (var i = 0; i < chunk.Length; i++)
        {
            if (chunk[i].AfterNs < fromNs || chunk[i].BeforeNs > toNs)
                continue;
            if (kept != i)
                chunk[kept] = chunk[i];
            kept++;
        }

        return kept;
    }

    private static Finding Damaged(long trace, string what) =>
        new("damaged-chunk", Severity.Warning, $"Trace {trace}: {what}. Its samples are taken as lost.");
}
