namespace MeterLab.Storage.Campaigns;

/// <summary>Runs of campaigns.</summary>
public sealed class RunStore
{
    // Dapper reads an enum by its name, which has no hyphen.
    private const string Columns =
        """
        SELECT id, campaign, plan_order, target, workload, parameters, repetition, state, replace(outcome, '-', '') AS outcome,
               start_target_ns, end_target_ns, exit_code, record
        FROM run
        """;

    private readonly StoreContext _context;

    internal RunStore(StoreContext context) => _context = context;

    /// <summary>Adds the runs of a plan, all or none.</summary>
    public void Add(IEnumerable<RunRecord> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        _context.Database.InTransaction(() =>
        {
            foreach (var run in runs)
            {
                _context.Database.Execute(
                    """
                    INSERT INTO run (id, campaign, plan_order, target, workload, parameters, repetition, state, outcome,
                                     start_target_ns, end_target_ns, exit_code, record)
                    VALUES (@Id, @Campaign, @PlanOrder, @Target, @Workload, @Parameters, @Repetition, @state, @outcome,
                            @StartTargetNs, @EndTargetNs, @ExitCode, @Record)
                    """,
                    Arguments(run));
            }
        });
    }

    /// <summary>Writes what has become of a run: state, outcome, stamps, exit code and record. Plan and parameters never change.</summary>
    public void Update(RunRecord run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var changed = _context.Database.Execute(
            """
            UPDATE run SET state = @state, outcome = @outcome, start_target_ns = @StartTargetNs, end_target_ns = @EndTargetNs,
                           exit_code = @ExitCode, record = @Record
            WHERE id = @Id
            """,
            Arguments(run));
        if (changed == 0)
            throw NotFound(run.Id);
    }

    /// <summary>The run of this id; null where there is none.</summary>
    public RunRecord? Find(string id) => _context.Database.First<RunRecord>(Columns + " WHERE id = @id", new { id });

    /// <summary>As <see cref="Find"/>, and throws <see cref="StoreException"/> where there is none.</summary>
    public RunRecord Get(string id) => Find(id) ?? throw NotFound(id);

    /// <summary>All runs of a campaign in the plan's order.</summary>
    public IReadOnlyList<RunRecord> OfCampaign(string campaign) =>
        _context.Database.Query<RunRecord>(Columns + " WHERE campaign = @campaign ORDER BY plan_order", new { campaign });

    private static object Arguments(RunRecord run)
    {
        SecretGuard.Check(run.Parameters, "A run's parameters");
        SecretGuard.Check(run.Record, "A run's record");
        return new
        {
            run.Id, run.Campaign, run.PlanOrder, run.Target, run.Workload, run.Parameters, run.Repetition, state = EnumText.Of(run.State),
            outcome = run.Outcome is { } outcome ? EnumText.Of(outcome) : null, run.StartTargetNs, run.EndTargetNs, run.ExitCode, run.Record,
        };
    }

    private StoreException NotFound(string id) =>
        new(StoreFailure.NotFound, $"{_context.Database.Path}: no run '{id}'; `meterlab campaign show ID` lists a campaign's runs.");
}
