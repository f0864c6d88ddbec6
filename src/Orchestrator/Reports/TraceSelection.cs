namespace MeterLab.Orchestrator.Reports;

/// <summary>Which runs' traces a report draws: all of a small campaign, the same number of every kind of work of a large one.</summary>
public static class TraceSelection
{
    /// <summary>How many traces keep a report readable.</summary>
    public const int DefaultLimit = 48;

    /// <summary>The runs whose traces are worth loading, in the campaign's order; runs without a meter figure have none.</summary>
    public static IReadOnlyList<RunResult> Choose(CampaignResults results, int limit = DefaultLimit)
    {
        ArgumentNullException.ThrowIfNull(results);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var measured = results.Runs.Where(run => run.Meter is not null && run.Start is not null).ToList();
        if (measured.Count <= limit)
            return measured;

        var groups = measured.GroupBy(run => (run.Target, run.Workload)).Take(limit).ToList();
        var each = limit / groups.Count;
        var chosen = groups
            .SelectMany(group => group.OrderByDescending(run => run.Valid).Take(each))
            .Select(run => run.Run)
            .ToHashSet(StringComparer.Ordinal);
        return [.. measured.Where(run => chosen.Contains(run.Run))];
    }
}
