using MeterLab.Measurement;
using MeterLab.Storage.Campaigns;

namespace MeterLab.Storage.Traces;

/// <summary>
/// Takes raw samples out of a store for good, on a person's word: whole campaigns, or whole traces outside one, never a part. Everything that was worked
/// out from them stays, and so do runs, findings, clocks, settings and estimators' files. What is gone is said where it was.
/// </summary>
public sealed class TracePruning
{
    /// <summary>The rule of the finding that a campaign without its samples has.</summary>
    public const string Rule = "pruned";

    private readonly StoreContext _context;
    private readonly FindingStore _findings;

    internal TracePruning(StoreContext context, FindingStore findings) => (_context, _findings) = (context, findings);

    /// <summary>What there is, the oldest first: a row a campaign, and a row a trace outside one.</summary>
    public IReadOnlyList<RawShare> Shares() => _context.Database.Query<RawShare>(
        """
        SELECT campaign, min(trace.id) AS trace, count(DISTINCT trace.id) AS traces, count(sequence) AS chunks, coalesce(sum(count), 0) AS samples,
               coalesce(sum(length(payload)), 0) AS bytes, min(opened_utc_ns) AS recorded_utc_ns
        FROM trace JOIN session ON session.id = trace.session JOIN chunk ON chunk.trace = trace.id
        GROUP BY coalesce(campaign, trace.id) ORDER BY min(trace.id)
        """);

    /// <summary>Removes a campaign's samples, and says so among its findings, both or neither.</summary>
    public void Remove(string campaign, string words) => _context.Database.InTransaction(() =>
    {
        _findings.Add(campaign, null, new Finding(Rule, Severity.Note, words));
        _context.Database.Execute("DELETE FROM chunk WHERE trace IN (SELECT id FROM trace WHERE campaign = @campaign)", new { campaign });
    });

    /// <summary>Removes the samples of a trace that belongs to no campaign. Throws <see cref="ArgumentException"/> where it does.</summary>
    public void Remove(long trace) => _context.Database.InTransaction(() =>
    {
        if (_context.Database.First<string>("SELECT campaign FROM trace WHERE id = @trace", new { trace }) is { } campaign)
            throw new ArgumentException($"trace {trace} belongs to {campaign}; a campaign is pruned as a whole", nameof(trace));
        _context.Database.Execute("DELETE FROM chunk WHERE trace = @trace", new { trace });
    });

    /// <summary>What was said when a campaign's samples were removed; null where they are there.</summary>
    public string? WordsOf(string campaign) => _findings.OfCampaign(campaign).LastOrDefault(finding => finding.Rule == Rule)?.Detail;

    /// <summary>
    /// Gives what was freed inside the file back to the disk. Needs as much free space as the store will have; where that is lacking, the file stays as
    /// large as it is, and what is recorded next fills it again. Throws <see cref="StoreException"/>.
    /// </summary>
    public void Compact() => _context.Database.Execute("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);");
}
