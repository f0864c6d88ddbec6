using MeterLab.Measurement;

namespace MeterLab.Storage.Campaigns;

/// <summary>Findings made while measuring (preflight, settings, clock steps, losses). Those of a result stand in its document.</summary>
public sealed class FindingStore
{
    private readonly StoreContext _context;

    internal FindingStore(StoreContext context) => _context = context;

    /// <summary>Adds a finding on a campaign or one of its runs, stamped now.</summary>
    public void Add(string campaign, string? run, Finding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        SecretGuard.Check(finding.Detail, "A finding's detail");
        _context.Database.Execute(
            "INSERT INTO finding (campaign, run, found_utc_ns, rule, severity, detail) VALUES (@campaign, @run, @UtcNs, @Rule, @severity, @Detail)",
            new { campaign, run, _context.UtcNs, finding.Rule, severity = EnumText.Of(finding.Severity), finding.Detail });
    }

    /// <summary>All findings of a campaign and its runs, in the order of finding.</summary>
    public IReadOnlyList<FindingRecord> OfCampaign(string campaign) => _context.Database.Query<FindingRecord>(
        "SELECT campaign, run, found_utc_ns, rule, severity, detail FROM finding WHERE campaign = @campaign ORDER BY id", new { campaign });
}
