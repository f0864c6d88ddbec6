using MeterLab.Measurement;
using MeterLab.Storage.Results;
using MeterLab.Storage.Traces;

namespace MeterLab.Storage;

/// <summary>Reads everything in a store and says what is damaged, and goes on after each finding.</summary>
internal sealed class StoreVerifier(Database database)
{
    private readonly List<Finding> _findings = [];
    private long _chunks;
    private long _samples;
    private long _files;

    public StoreVerification Run(CancellationToken cancellationToken)
    {
        Attempt(CheckFile);
        Attempt(() => CheckTraces(cancellationToken));
        Attempt(() => CheckEstimatorFiles(cancellationToken));
        return new StoreVerification(_chunks, _samples, _files, _findings);
    }

    // A page that cannot be read stops one part of the check, not the others.
    private void Attempt(Action part)
    {
        try
        {
            part();
        }
        catch (StoreException exception)
        {
            Found("unreadable", exception.Message);
        }
    }

    private void CheckFile()
    {
        foreach (var row in database.Query<string>("PRAGMA integrity_check"))
        {
            if (row != "ok")
                Found("integrity", row);
        }

        foreach (var table in database.Query<string>("SELECT DISTINCT \"table\" FROM pragma_foreign_key_check"))
            Found("foreign-key", $"Table {table} has rows that refer to rows that are not there.");
    }

    private void CheckTraces(CancellationToken cancellationToken)
    {
        foreach (var trace in database.Query<TraceName>("SELECT id, meter || '/' || channel AS channel FROM trace ORDER BY id"))
            Attempt(() => CheckTrace(trace, cancellationToken));
    }

    private void CheckTrace(TraceName trace, CancellationToken cancellationToken)
    {
        var previous = (TraceChunk?)null;
        foreach (var sequence in database.Query<long>("SELECT sequence FROM chunk WHERE trace = @Id ORDER BY sequence", new { trace.Id }))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (ChunkRow.Read(database, trace.Id, sequence)?.Open() is not { } chunk)
                continue;
            _chunks++;
            _samples += chunk.Samples.Length;
            if (chunk.Damage is { } damage)
                Found("damaged-chunk", $"Trace {trace.Id} ({trace.Channel}), chunk {sequence}: {damage}.");
            CheckOrder(trace, previous, chunk);
            previous = chunk;
        }
    }

    private void CheckOrder(TraceName trace, TraceChunk? previous, TraceChunk chunk)
    {
        var expected = previous is null ? 0 : previous.Sequence + 1;
        if (chunk.Sequence != expected)
            Found("missing-chunk", $"Trace {trace.Id} ({trace.Channel}): chunks {expected} to {chunk.Sequence - 1} are missing.");
        if (previous is not null && (chunk.FirstNs < previous.FirstNs || chunk.LastNs < previous.LastNs))
            Found("chunk-order", $"Trace {trace.Id} ({trace.Channel}), chunk {chunk.Sequence}: its times lie before those of the chunk before it.");
    }

    private void CheckEstimatorFiles(CancellationToken cancellationToken)
    {
        foreach (var id in database.Query<long>("SELECT id FROM estimator_output ORDER BY id"))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var file = database.First<StoredFile>("SELECT run, estimator, path, sha256, content FROM estimator_output WHERE id = @id", new { id });
            if (file is null)
                continue;
            _files++;
            if (EstimatorOutputStore.HashOf(file.Content) != file.Sha256)
                Found("damaged-file", $"Run {file.Run}, {file.Estimator}, {file.Path}: the content does not match its hash.");
        }
    }

    private void Found(string rule, string detail) => _findings.Add(new Finding(rule, Severity.Invalid, detail));

    private sealed record TraceName
    {
        public long Id { get; init; }
        public required string Channel { get; init; }
    }

    private sealed record StoredFile
    {
        public required string Run { get; init; }
        public required string Estimator { get; init; }
        public required string Path { get; init; }
        public required string Sha256 { get; init; }
        public required byte[] Content { get; init; }
    }
}
