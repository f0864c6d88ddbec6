using System.Security.Cryptography;

namespace MeterLab.Storage.Results;

/// <summary>Estimators' files, kept with their hashes. A file fetched twice with the same content is kept once.</summary>
public sealed class EstimatorOutputStore
{
    private readonly StoreContext _context;

    internal EstimatorOutputStore(StoreContext context) => _context = context;

    /// <summary>Keeps a file, stamped now.</summary>
    public void Add(string run, string estimator, string path, ReadOnlyMemory<byte> content) => _context.Database.Execute(
        """
        INSERT INTO estimator_output (run, estimator, path, sha256, fetched_utc_ns, content)
        VALUES (@run, @estimator, @path, @sha256, @UtcNs, @content)
        ON CONFLICT (run, estimator, path, sha256) DO NOTHING
        """,
        new { run, estimator, path, sha256 = HashOf(content.Span), _context.UtcNs, content = content.ToArray() });

    /// <summary>A run's files by estimator and path, the oldest first. Throws <see cref="StoreException"/> where one does not match its hash.</summary>
    public IReadOnlyList<EstimatorOutputRecord> OfRun(string run)
    {
        var rows = _context.Database.Query<Row>(
            "SELECT id, run, estimator, path, sha256, fetched_utc_ns, content FROM estimator_output WHERE run = @run ORDER BY estimator, path, id",
            new { run });
        return [.. rows.Select(Open)];
    }

    internal static string HashOf(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private EstimatorOutputRecord Open(Row row)
    {
        if (HashOf(row.Content) != row.Sha256)
        {
            throw new StoreException(
                StoreFailure.Corrupt,
                $"{_context.Database.Path}: the stored file {row.Path} of {row.Estimator} in run {row.Run} does not match its hash.\n`meterlab store verify` lists all damage.");
        }

        return new EstimatorOutputRecord
        {
            Id = row.Id, Run = row.Run, Estimator = row.Estimator, Path = row.Path, Sha256 = row.Sha256, FetchedUtcNs = row.FetchedUtcNs, Content = row.Content,
        };
    }

    private sealed record Row
    {
        public long Id { get; init; }
        public required string Run { get; init; }
        public required string Estimator { get; init; }
        public required string Path { get; init; }
        public required string Sha256 { get; init; }
        public long FetchedUtcNs { get; init; }
        public required byte[] Content { get; init; }
    }
}
