using MeterLab.Measurement;
using MeterLab.Measurement.Energy;

namespace MeterLab.Orchestrator.Reconciliation;

/// <summary>A target's own idle power in the widest scope, from the stretches of this campaign in which it rested, at any moment of it.</summary>
internal sealed class IdlePower
{
    private readonly IdleDrift _drift;
    private readonly double _meterW;
    private readonly int _stretches;

    private IdlePower(IdleDrift drift, double meterW, int stretches) => (_drift, _meterW, _stretches) = (drift, meterW, stretches);

    /// <summary>Null where nothing was recorded while it rested.</summary>
    public static IdlePower? Of(TargetEvidence target, MeterReconciler meters)
    {
        if (meters.Primary is null)
            return null;
        var points = new List<RestPoint>();
        var meterW = 0.0;
        foreach (var (from, to) in target.Baselines)
        {
            if (meters.Energies(new RunWindow(from, to)).FirstOrDefault(e => e.Result.Role == "truth").Result is not { EnergyJ: { } joules } result)
                continue;
            var seconds = new RunWindow(from, to).Seconds;
            double Part(string kind) => Math.Sqrt(result.Budget.Where(row => row.Kind == kind).Sum(row => row.UJ * row.UJ)) / seconds;
            points.Add(new RestPoint(from + (to - from) / 2, joules / seconds, Part("random")));
            // The same meter errs alike in every stretch: its part does not average away.
            meterW = Math.Max(meterW, Part("systematic"));
        }

        return points.Count == 0 ? null : new IdlePower(IdleDrift.Of(points), meterW, points.Count);
    }

    /// <summary>At a moment of the line: W, and the standard uncertainty.</summary>
    public (double Watts, double StandardWatts) At(long ns)
    {
        var (watts, standard) = _drift.At(ns);
        return (watts, Math.Sqrt(standard * standard + _meterW * _meterW));
    }

    /// <summary>The same without the meter's own error, which is alike in everything that it measures.</summary>
    public (double Watts, double StandardWatts) RandomAt(long ns) => _drift.At(ns);

    /// <summary>What a person should know of it, and how it fits to the baseline in force.</summary>
    public IEnumerable<Finding> Findings(TargetEvidence target)
    {
        var (watts, standard) = At(Middle(target));
        yield return new Finding("idle-power", Severity.Note, FormattableString.Invariant(
            $"{target.Name}: {watts:0.00} +/- {2 * standard:0.00} W (k = 2) at rest, from {_stretches} stretches, {_drift.Law}{(_drift.Law == "constant" ? "" : FormattableString.Invariant($", {_drift.ChangeW:+0.00;-0.00} W from the first to the last"))}; every run's static share is taken at its own time."));
        if (target.Baseline is not { } stored || target.BaselineKept)
            yield break;
        var apart = watts - stored.StaticW;
        var allowed = 2 * Math.Sqrt(standard * standard + stored.StandardW * stored.StandardW);
        if (Math.Abs(apart) > allowed)
        {
            yield return new Finding("baseline-differs", Severity.Warning, FormattableString.Invariant(
                $"{target.Name}: at rest it drew {apart:+0.00;-0.00} W against its kept baseline, more than the {allowed:0.00} W that both leave open; measure a new one: meterlab baseline measure {target.Name}"));
        }
    }

    private static long Middle(TargetEvidence target) => target.Baselines[0].FromNs + (target.Baselines[^1].ToNs - target.Baselines[0].FromNs) / 2;
}
