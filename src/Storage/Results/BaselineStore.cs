namespace MeterLab.Storage.Results;

/// <summary>Baselines, old ones included.</summary>
public sealed class BaselineStore
{
    private const string Columns =
        """
        SELECT id, campaign, target, scope, measured_utc_ns, valid_until_utc_ns, static_w, u_static_w AS standard_uncertainty_w,
               fingerprint, document
        FROM baseline
        """;

    private readonly StoreContext _context;

    internal BaselineStore(StoreContext context) => _context = context;

    /// <summary>Keeps a baseline; returns its id.</summary>
    public long Add(BaselineRecord baseline)
    {
        ArgumentNullException.ThrowIfNull(baseline);
        return _context.Database.Insert(
            """
            INSERT INTO baseline (campaign, target, scope, measured_utc_ns, valid_until_utc_ns, static_w, u_static_w, fingerprint, document)
            VALUES (@Campaign, @Target, @Scope, @MeasuredUtcNs, @ValidUntilUtcNs, @StaticW, @StandardUncertaintyW, @Fingerprint, @Document)
            """,
            baseline);
    }

    /// <summary>The newest of a target in a scope; null where there is none. Whether it still counts is for the caller to see.</summary>
    public BaselineRecord? Latest(string target, string scope) => _context.Database.First<BaselineRecord>(
        Columns + " WHERE target = @target AND scope = @scope ORDER BY measured_utc_ns DESC, id DESC LIMIT 1", new { target, scope });

    /// <summary>All of all targets, the oldest first.</summary>
    public IReadOnlyList<BaselineRecord> All() => _context.Database.Query<BaselineRecord>(Columns + " ORDER BY measured_utc_ns, id");

    /// <summary>All of a target, the oldest first.</summary>
    public IReadOnlyList<BaselineRecord> History(string target) => _context.Database.Query<BaselineRecord>(
        Columns + " WHERE target = @target ORDER BY measured_utc_ns, id", new { target });
}
