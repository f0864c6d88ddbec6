namespace MeterLab.Storage.Campaigns;

/// <summary>Steps: each is a row before it begins, so that a killed process resumes from the rows.</summary>
public sealed class StepStore
{
    private readonly StoreContext _context;

    internal StepStore(StoreContext context) => _context = context;

    /// <summary>Writes that a step begins now; returns its id.</summary>
    public long Start(string campaign, string? run, string name, string detail = "")
    {
        SecretGuard.Check(detail, "A step's detail");
        var now = _context.Options.Clock.Anchor();
        return _context.Database.Insert(
            """
            INSERT INTO step (campaign, run, session, name, state, started_ns, started_utc_ns, detail)
            VALUES (@campaign, @run, @Session, @name, 'started', @MonotonicNs, @UtcNs, @detail)
            """,
            new { campaign, run, _context.Session, name, now.MonotonicNs, now.UtcNs, detail });
    }

    /// <summary>Writes that a step is done; a detail replaces the one it began with.</summary>
    public void Finish(long step, string? detail = null) => End(step, StepState.Finished, detail);

    /// <summary>Writes that a step failed, and why.</summary>
    public void Fail(long step, string detail) => End(step, StepState.Failed, detail);

    /// <summary>All steps of a campaign in the order of starting.</summary>
    public IReadOnlyList<StepRecord> OfCampaign(string campaign) => _context.Database.Query<StepRecord>(
        """
        SELECT step.id, campaign, run, session, session = @Session AS current, boot, name, state, started_ns, started_utc_ns,
               ended_ns, ended_utc_ns, detail
        FROM step JOIN session ON session.id = step.session
        WHERE campaign = @campaign ORDER BY step.id
        """,
        new { campaign, _context.Session });

    private void End(long step, StepState state, string? detail)
    {
        SecretGuard.Check(detail, "A step's detail");
        var now = _context.Options.Clock.Anchor();
        var changed = _context.Database.Execute(
            """
            UPDATE step SET state = @state, ended_ns = @MonotonicNs, ended_utc_ns = @UtcNs, detail = coalesce(@detail, detail)
            WHERE id = @step AND state = 'started'
            """,
            new { state = EnumText.Of(state), now.MonotonicNs, now.UtcNs, detail, step });
        if (changed == 0)
            throw new ArgumentException($"Step {step} is not under way.", nameof(step));
    }
}
