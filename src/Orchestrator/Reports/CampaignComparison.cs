using MathNet.Numerics.Distributions;

using MeterLab.Measurement;
using MeterLab.Measurement.Statistics;
using MeterLab.Orchestrator.Reconciliation;

namespace MeterLab.Orchestrator.Reports;

/// <summary>
/// Two campaigns against each other: for every kind of work that both ran, what the meter and the estimators say now against then, and whether
/// the difference is more than the scatter of runs explains. A meter's systematic error is the same in both and drops out; it is not in
/// these intervals, so they hold for campaigns on one rig.
/// </summary>
public sealed record CampaignComparison
{
    // Share of chance findings that is tolerated among those called real.
    private const double FalseDiscoveryRate = 0.05;

    /// <summary>The earlier campaign's id.</summary>
    public required string Before { get; init; }

    /// <summary>The later one's.</summary>
    public required string After { get; init; }

    /// <summary>A row for each kind of work and what was compared.</summary>
    public required IReadOnlyList<ComparisonRow> Rows { get; init; }

    /// <summary>What limits all of it: another rig, another order in time, nothing in common.</summary>
    public required IReadOnlyList<FindingRow> Findings { get; init; }

    /// <summary>Kinds of work that only one of them has.</summary>
    public required IReadOnlyList<string> Unmatched { get; init; }

    /// <summary>Compares the valid runs.</summary>
    public static CampaignComparison Of(CampaignResults before, CampaignResults after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var (old, now) = (Values(before), Values(after));
        var rows = old.Keys.Intersect(now.Keys).OrderBy(key => key.Group, StringComparer.Ordinal).ThenBy(key => key.What, StringComparer.Ordinal)
            .Select(key => Row(key.Group, key.What, old[key], now[key])).ToList();
        rows.AddRange(Together(rows, old, now));
        return new CampaignComparison
        {
            Before = before.Id,
            After = after.Id,
            Rows = Judged(rows),
            Findings = [.. Limits(before, after, rows.Count).Select(FindingRows.Of)],
            Unmatched = [.. old.Keys.Select(key => key.Group).Distinct(StringComparer.Ordinal)
                .Concat(now.Keys.Select(key => key.Group).Distinct(StringComparer.Ordinal))
                .GroupBy(group => group, StringComparer.Ordinal).Where(group => group.Count() == 1).Select(group => group.Key).Order(StringComparer.Ordinal)],
        };
    }

    private static IEnumerable<Finding> Limits(CampaignResults before, CampaignResults after, int rows)
    {
        if (rows == 0)
            yield return new Finding("nothing-in-common", Severity.Warning, "The two campaigns have no kind of work in common of which both have a valid run; there is nothing to compare.");
        if (before.Rig != after.Rig)
        {
            yield return new Finding("other-rig", Severity.Warning,
                $"They ran on {before.Rig} and on {after.Rig}: their meters' own errors differ, do not drop out, and are not in these intervals. A change may be one of meters.");
        }

        if (string.CompareOrdinal(before.Started, after.Started) > 0)
            yield return new Finding("order", Severity.Note, $"{before.Id} started after {after.Id}: every change reads from the later to the earlier.");
    }

    // Energies and powers as logarithms, so that differences are relative; errors in percent as they are.
    private static Dictionary<(string Group, string What), double[]> Values(CampaignResults results) => results.Runs
        .Where(run => run.Valid)
        .SelectMany(run => Values(run).Select(value => (Key: (Group: GroupOf(run), value.What), value.Value)))
        .GroupBy(value => value.Key)
        .ToDictionary(group => group.Key, group => group.Select(value => value.Value).ToArray());

    private static IEnumerable<(string What, double Value)> Values(RunResult run)
    {
        if (run.Meter?.EnergyJ is > 0)
            yield return ("meter energy", Math.Log(run.Meter.EnergyJ.Value));
        if (run.DurationS is > 0)
            yield return ("duration", Math.Log(run.DurationS.Value));
        foreach (var estimate in run.Estimators.Where(estimate => estimate.ErrorPct is not null))
            yield return ($"error of {estimate.Estimator}", estimate.ErrorPct!.Value);
    }

    private static string GroupOf(RunResult run) => run.Parameters.Count == 0
        ? $"{run.Target}/{run.Workload}"
        : $"{run.Target}/{run.Workload} {string.Join(' ', run.Parameters.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"))}";

    private static bool IsRelative(string what) => !what.StartsWith("error of ", StringComparison.Ordinal);

    private static ComparisonRow Row(string group, string what, double[] before, double[] after)
    {
        var (old, now) = (before.Average(), after.Average());
        var row = new ComparisonRow
        {
            Group = group, What = what, NBefore = before.Length, NAfter = after.Length, Change = Change(what, now - old),
            Unit = UnitOf(what), ChangeUnit = ChangeUnitOf(what), Before = Level(what, old), After = Level(what, now),
        };
        if (before.Length < 2 || after.Length < 2)
            return row;
        // Welch: the two campaigns need not scatter alike.
        var (a, b) = (Variance(before) / before.Length, Variance(after) / after.Length);
        if (a + b <= 0)
            return row;
        var freedom = (a + b) * (a + b) / (a * a / (before.Length - 1) + b * b / (after.Length - 1));
        return WithInterval(row, what, now - old, Math.Sqrt(a + b), freedom);
    }

    // All kinds of work of a comparison at once: their mean differences, kind by kind.
    private static IEnumerable<ComparisonRow> Together(
        IReadOnlyList<ComparisonRow> rows, Dictionary<(string Group, string What), double[]> old, Dictionary<(string Group, string What), double[]> now)
    {
        foreach (var what in rows.GroupBy(row => row.What).Where(group => group.Count() > 1))
        {
            var differences = what.Select(row => now[(row.Group, row.What)].Average() - old[(row.Group, row.What)].Average()).ToArray();
            var row = new ComparisonRow
            {
                Group = "*", What = what.Key, NBefore = what.Sum(one => one.NBefore), NAfter = what.Sum(one => one.NAfter),
                Unit = UnitOf(what.Key), ChangeUnit = ChangeUnitOf(what.Key), Change = Change(what.Key, differences.Average()),
            };
            var variance = Variance(differences) / differences.Length;
            yield return variance > 0 ? WithInterval(row, what.Key, differences.Average(), Math.Sqrt(variance), differences.Length - 1) : row;
        }
    }

    private static ComparisonRow WithInterval(ComparisonRow row, string what, double difference, double standard, double freedom)
    {
        var half = StudentT.InvCDF(0, 1, Math.Max(1, freedom), 0.975) * standard;
        return row with
        {
            ChangeCi95 = [Change(what, difference - half), Change(what, difference + half)],
            P = 2 * StudentT.CDF(0, 1, Math.Max(1, freedom), -Math.Abs(difference) / standard),
        };
    }

    private static List<ComparisonRow> Judged(List<ComparisonRow> rows)
    {
        var adjusted = new Queue<double>(FalseDiscovery.Adjust([.. rows.Where(row => row.P is not null).Select(row => row.P!.Value)]));
        return [.. rows.Select(row => row.P is null ? row : row with { PAdjusted = adjusted.Peek(), Real = adjusted.Dequeue() < FalseDiscoveryRate })];
    }

    private static string UnitOf(string what) => what switch { "meter energy" => "J", "duration" => "s", _ => "%" };

    private static string ChangeUnitOf(string what) => IsRelative(what) ? "%" : "points";

    private static double Change(string what, double difference) => IsRelative(what) ? (Math.Exp(difference) - 1) * 100 : difference;

    private static double Level(string what, double mean) => IsRelative(what) ? Math.Exp(mean) : mean;

    private static double Variance(double[] values)
    {
        var mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
    }
}

/// <summary>One kind of work in two campaigns.</summary>
public sealed record ComparisonRow
{
    /// <summary>target/workload and parameters; * for all kinds together.</summary>
    public required string Group { get; init; }

    /// <summary>meter energy (J), duration (s), or an estimator's error (%).</summary>
    public required string What { get; init; }

    /// <summary>Of before and after: J, s, or % of the meter's energy.</summary>
    public required string Unit { get; init; }

    /// <summary>Of the change and its interval: % of before, or points where both are percentages.</summary>
    public required string ChangeUnit { get; init; }

    /// <summary>Runs before and after.</summary>
    public required int NBefore { get; init; }

    /// <summary>Runs after.</summary>
    public required int NAfter { get; init; }

    /// <summary>Mean before (geometric for energies and durations).</summary>
    public double? Before { get; init; }

    /// <summary>Mean after.</summary>
    public double? After { get; init; }

    /// <summary>% for energies and durations, percentage points for errors.</summary>
    public required double Change { get; init; }

    /// <summary>Its 95 % interval; null where there are too few runs, or runs without scatter.</summary>
    [System.Text.Json.Serialization.JsonPropertyName("change_ci95")]
    public IReadOnlyList<double>? ChangeCi95 { get; init; }

    /// <summary>Probability of such a change by chance.</summary>
    public double? P { get; init; }

    /// <summary>Corrected for all rows (Benjamini and Hochberg).</summary>
    public double? PAdjusted { get; init; }

    /// <summary>Whether it is real: among the rows called so at most 5 % are expected to be chance. Null where nobody can tell.</summary>
    public bool? Real { get; init; }
}
