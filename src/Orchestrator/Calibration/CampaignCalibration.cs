using MeterLab.Measurement;
using MeterLab.Measurement.Calibration;
using MeterLab.Orchestrator.Reconciliation;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Orchestrator.Calibration;

/// <summary>What a campaign gives to calibrate: each estimator on each target, from the valid runs.</summary>
internal static class CampaignCalibration
{
    private const int FewestClusters = 3;

    /// <summary>Rows, laws and findings of a campaign.</summary>
    public static (IReadOnlyList<CalibrationRow> Rows, IReadOnlyList<CalibrationEntry> Laws, IReadOnlyList<Finding> Findings) Of(
        IReadOnlyList<RunResult> runs, CalibrationGrouping grouping, Func<string, string, string, IdleFacts?>? idle = null)
    {
        var judged = Cases(runs, grouping, idle).Select(CalibrationJudge.Of).ToArray();
        return ([.. judged.Select(one => one.Row)], [.. judged.Select(one => one.Entry).OfType<CalibrationEntry>()], [.. judged.SelectMany(one => one.Findings)]);
    }

    /// <summary>The cases, by target and estimator.</summary>
    private static IEnumerable<CalibrationCase> Cases(
        IReadOnlyList<RunResult> runs, CalibrationGrouping grouping, Func<string, string, string, IdleFacts?>? idle) =>
        runs.Where(run => run.Valid && run.DurationS > 0)
            .SelectMany(run => run.Estimators.Select(estimate => new Pair(run, estimate, Reference(run, estimate))))
            .Where(pair => pair.Estimate.EnergyJ is not null && pair.Meter?.EnergyJ > 0)
            .GroupBy(pair => (pair.Run.Target, Group: Group(pair.Run, grouping), pair.Estimate.Estimator, pair.Estimate.ComparedWith))
            .OrderBy(group => group.Key.Group, StringComparer.Ordinal).ThenBy(group => group.Key.Estimator, StringComparer.Ordinal)
            .Select(group => Case([.. group], group.Key.Group, grouping, idle?.Invoke(group.Key.Target, group.Key.ComparedWith ?? "", group.Key.Estimator)));

    // Group of a campaign is target/workload; all work of a target together is target/*.
    private static string Group(RunResult run, CalibrationGrouping grouping) => $"{run.Target}/{(grouping.ByWorkload ? run.Workload : "*")}";

    private static MeterResult? Reference(RunResult run, EstimatorResult estimate) =>
        run.Meters.FirstOrDefault(meter => meter.Scope == estimate.ComparedWith && meter.Role == "truth");

    private static CalibrationCase Case(IReadOnlyList<Pair> pairs, string group, CalibrationGrouping grouping, IdleFacts? idle)
    {
        var (word, name, key) = Cluster(pairs, grouping.LeaveOut);
        var terms = Terms(pairs, grouping.Terms);
        return new CalibrationCase
        {
            Target = pairs[0].Run.Target,
            Group = group,
            Estimator = pairs[0].Estimate.Estimator,
            Versions = [.. pairs.Select(pair => pair.Estimate.Version).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Scope = pairs[0].Estimate.ComparedWith,
            CrossValidation = name,
            ClusterWord = word,
            Names = [.. pairs.Select(pair => pair.Run.Run)],
            Terms = [.. terms.Select(term => term.Name)],
            Runs = [.. pairs.Select(pair => Run(pair, key(pair.Run), terms, grouping))],
            MeterGainRelative = pairs.Any(pair => pair.Meter!.UncertaintyJ is null) ? null
                : pairs.Sum(pair => Root(pair.Meter!, systematic: true)) / pairs.Sum(pair => pair.Meter!.EnergyJ!.Value),
            Fingerprint = idle?.Fingerprint,
            Idle = idle?.Difference,
            UseIdle = grouping.UseIdle && idle?.Difference is not null,
        };
    }

    private static CalibrationRun Run(Pair pair, string cluster, IReadOnlyList<(string Name, Func<Pair, double> Value)> terms, CalibrationGrouping grouping) => new()
    {
        EstimateJ = pair.Estimate.EnergyJ!.Value,
        DurationS = pair.Run.DurationS!.Value,
        MeterJ = pair.Meter!.EnergyJ!.Value,
        Cluster = cluster,
        MeterStandardJ = Root(pair.Meter, systematic: false),
        EstimateStandardJ = grouping.EstimatorRepeatability * Math.Abs(pair.Estimate.EnergyJ.Value),
        Further = [.. terms.Select(term => term.Value(pair))],
    };

    private static double Root(MeterResult meter, bool systematic) =>
        Math.Sqrt(meter.Budget.Where(row => row.Kind == "systematic" == systematic).Sum(row => row.UJ * row.UJ));

    private static (string Word, string Name, Func<RunResult, string> Key) Cluster(IReadOnlyList<Pair> pairs, LeaveOut leaveOut)
    {
        bool Enough(Func<RunResult, string> key) => pairs.Select(pair => key(pair.Run)).Distinct(StringComparer.Ordinal).Take(FewestClusters).Count() == FewestClusters;
        return leaveOut switch
        {
            LeaveOut.Night => ("night", "leave-one-night-out", run => run.Start?[..10] ?? ""),
            LeaveOut.Run => ("run", "leave-one-run-out", run => run.Run),
            LeaveOut.Workload => ("workload", "leave-one-workload-out", run => run.Workload),
            LeaveOut.Parameters => ("parameter set", "leave-one-parameter-set-out", ParameterSet),
            _ when Enough(run => run.Workload) => Cluster(pairs, LeaveOut.Workload),
            _ when Enough(ParameterSet) => Cluster(pairs, LeaveOut.Parameters),
            _ => Cluster(pairs, LeaveOut.Run),
        };
    }

    private static string ParameterSet(RunResult run) =>
        string.Join('\n', run.Parameters.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}").Prepend(run.Workload));

    // The first of each kind is in the gain and the unseen power themselves; the further terms are differences from it.
    private static IReadOnlyList<(string Name, Func<Pair, double> Value)> Terms(IReadOnlyList<Pair> pairs, FurtherTerms terms) => terms switch
    {
        FurtherTerms.Components => [.. pairs.SelectMany(pair => pair.Estimate.ComponentsJ.Where(part => part.Value > 0).Select(part => part.Key))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Skip(1)
            .Select(part => ($"gain:{part}", (Func<Pair, double>)(pair => pair.Estimate.ComponentsJ.GetValueOrDefault(part))))],
        FurtherTerms.Workloads => [.. pairs.Select(pair => pair.Run.Workload).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Skip(1)
            .Select(workload => ($"unseen:{workload}", (Func<Pair, double>)(pair => pair.Run.Workload == workload ? pair.Run.DurationS!.Value : 0)))],
        _ => [],
    };

    private sealed record Pair(RunResult Run, EstimatorResult Estimate, MeterResult? Meter);
}

/// <summary>What a target's baseline says for a calibration.</summary>
/// <param name="Fingerprint">The machine.</param>
/// <param name="Difference">Null where the estimator was not asked at idle.</param>
internal sealed record IdleFacts(string Fingerprint, IdleDifference? Difference);
