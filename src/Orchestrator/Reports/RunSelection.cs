namespace MeterLab.Orchestrator.Reports;

/// <summary>Which runs a report lists one by one: all of a usual campaign; of a large one those that are not valid and the first of every kind of work.</summary>
public static class RunSelection
{
    /// <summary>How many rows keep a table readable.</summary>
    public const int DefaultLimit = 240;

    /// <summary>The runs in the campaign's order.</summary>
    public static IReadOnlyList<RunResult> Choose(CampaignResults results, int limit = DefaultLimit)
    {
        ArgumentNullException.ThrowIfNull(results);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        if (results.Runs.Count <= limit)
            return results.Runs;

        var chosen = results.Runs.Where(run => !run.Valid).Take(limit / 2).Select(run => run.Run).ToHashSet(StringComparer.Ordinal);
        var kinds = results.Runs.GroupBy(run => (run.Target, run.Workload)).Select(kind => kind.ToList()).ToList();
        for (var round = 0; chosen.Count < limit && kinds.Any(kind => kind.Count > round); round++)
        {
            foreach (var kind in kinds.Where(kind => kind.Count > round))
            {
                if (chosen.Count < limit)
                    chosen.Add(kind[round].Run);
            }
        }

        return [.. results.Runs.Where(run => chosen.Contains(run.Run))];
    }

    /// <summary>
    /// At most <paramref name="limit"/> of many points, spread evenly over their order, with the lowest and the highest among them: what a picture
    /// of thousands needs. A list that is short enough comes back as it is.
    /// </summary>
    public static IReadOnlyList<T> Thin<T>(IReadOnlyList<T> points, int limit, Func<T, double> value)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(value);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 3);
        if (points.Count <= limit)
            return points;
        var kept = new SortedSet<int>();
        for (var i = 0; i < limit - 2; i++)
            kept.Add((int)((long)i * (points.Count - 1) / (limit - 3 == 0 ? 1 : limit - 3)));
        int low = 0, high = 0;
        for (var i = 1; i < points.Count; i++)
        {
            if (value(points[i]) < value(points[low]))
                low = i;
            if (value(points[i]) > value(points[high]))
                high = i;
        }

        kept.Add(low);
        kept.Add(high);
        return [.. kept.Select(i => points[i])];
    }
}
