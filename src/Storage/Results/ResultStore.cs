namespace MeterLab.Storage.Results;

/// <summary>Results. A new one stands beside the old, never in its place.</summary>
public sealed class ResultStore
{
    private const string Columns = "SELECT id, campaign, kind, created_utc_ns, code_version, inputs, document FROM result";

    private readonly StoreContext _context;

    internal ResultStore(StoreContext context) => _context = context;

    /// <summary>Keeps a document, stamped now and with this program's version; returns its id.</summary>
    public long Add(ResultRecord result)
    {
        ArgumentNullException.ThrowIfNull(result);
        SecretGuard.Check(result.Document, "A result");
        return _context.Database.Insert(
            "INSERT INTO result (campaign, kind, created_utc_ns, code_version, inputs, document) VALUES (@Campaign, @Kind, @UtcNs, @Version, @Inputs, @Document)",
            new { result.Campaign, result.Kind, _context.UtcNs, _context.Options.Version, result.Inputs, result.Document });
    }

    /// <summary>The newest of a kind; null where there is none.</summary>
    public ResultRecord? Latest(string campaign, string kind) => _context.Database.First<ResultRecord>(
        Columns + " WHERE campaign = @campaign AND kind = @kind ORDER BY id DESC LIMIT 1", new { campaign, kind });

    /// <summary>All of a campaign, the oldest first.</summary>
    public IReadOnlyList<ResultRecord> OfCampaign(string campaign) => _context.Database.Query<ResultRecord>(
        Columns + " WHERE campaign = @campaign ORDER BY id", new { campaign });
}
