using MeterLab.Measurement.Statistics;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Orchestrator.Reconciliation;

/// <summary>
/// What running an estimator costs in joules: the meter's mean over runs with that estimator alone beside the workload, less its mean over runs
/// of the same work with none (campaigns with <c>isolate: true</c> have both).
/// </summary>
internal static class OverheadEnergies
{
    /// <summary>A row a target, workload and estimator that runs on the target; none where there were no runs without.</summary>
    public static IReadOnlyList<OverheadRow> Of(IReadOnlyList<RunResult> runs)
    {
        var usable = runs.Where(run => run is { Valid: true, Meter.EnergyJ: not null }).ToArray();
        var rows = new List<OverheadRow>();
        foreach (var work in usable.GroupBy(run => (run.Target, run.Workload)))
        {
            var names = work.Where(run => run.Estimators is [{ OverheadCpuS: not null }]).Select(run => run.Estimators[0].Estimator).Distinct().Order(StringComparer.Ordinal);
            foreach (var name in names)
            {
                if (Row([.. work], name) is { } row)
                    rows.Add(row with { Target = work.Key.Target, Workload = work.Key.Workload });
            }
        }

        return rows;
    }

    /// <summary>The runs, each estimator's line with what its kind of run showed.</summary>
    public static IReadOnlyList<RunResult> Tell(IReadOnlyList<RunResult> runs, IReadOnlyList<OverheadRow> rows) =>
        rows.Count == 0 ? runs : [.. runs.Select(run => run with
        {
            Estimators =
            [
                .. run.Estimators.Select(estimate => rows.FirstOrDefault(row => row.Target == run.Target && row.Workload == run.Workload && row.Estimator == estimate.Estimator) is { } row
                    ? estimate with { OverheadJ = row.EnergyJ, OverheadUncertaintyJ = row.UncertaintyJ }
                    : estimate),
            ],
        })];

    private static OverheadRow? Row(RunResult[] runs, string estimator)
    {
        var (sum, weights, squares, freedom, used, with, without) = (0.0, 0.0, 0.0, 0, 0, 0, 0);
        foreach (var kind in runs.GroupBy(run => string.Join('\n', run.Parameters.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"))))
        {
            double[] alone = [.. kind.Where(run => run.Estimators is [var only] && only.Estimator == estimator).Select(run => run.Meter!.EnergyJ!.Value)];
            double[] none = [.. kind.Where(run => run.Estimators.Count == 0).Select(run => run.Meter!.EnergyJ!.Value)];
            if (alone.Length == 0 || none.Length == 0)
                continue;
            used++;
            (with, without) = (with + alone.Length, without + none.Length);
            sum += alone.Average() - none.Average();
            weights += (1.0 / alone.Length) + (1.0 / none.Length);
            squares += Squares(alone) + Squares(none);
            freedom += alone.Length + none.Length - 2;
        }

        if (used == 0)
            return null;
        var difference = sum / used;
        // Scatter between runs of one kind, which holds the meter's random part too. A single run of each tells nothing of it.
        double? k = freedom > 0 ? ErrorStatistics.StudentFactor95(freedom) : null;
        var scatter = freedom > 0 ? Math.Sqrt(squares / freedom * weights) / used : 0;
        // What is the same in both groups scales the difference; the rest of it cancels.
        var gain = runs.Max(run => run.Meter!.Budget.Where(row => row.Source == "gain").Sum(row => row.UJ) / run.Meter.EnergyJ!.Value) * Math.Abs(difference);
        return new OverheadRow(
            "", "", estimator, with, without, difference, k is { } factor ? factor * Math.Sqrt((scatter * scatter) + (gain * gain)) : null, k);
    }

    private static double Squares(double[] values)
    {
        var mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean));
    }
}
