using MeterLab.Measurement.Energy;
using MeterLab.Orchestrator.Baselines;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Orchestrator.Reconciliation;

/// <summary>What estimators claimed of a target at rest, and what the meter says that each cost meanwhile.</summary>
internal static class IdleCosts
{
    private const double K = 2;

    /// <summary>A row an estimator; of one that was asked more than once (a campaign that was resumed), the last.</summary>
    public static IEnumerable<IdleClaimRow> Of(TargetEvidence target, MeterReconciler meters, IdlePower? idle) => target.AtIdle
        .SelectMany(group => Rows(target.Name, group, Cost(group, meters, idle)))
        .GroupBy(row => row.Estimator).Select(rows => rows.Last());

    private static IEnumerable<IdleClaimRow> Rows(string target, AtIdleEvidence group, (double Watts, double StandardWatts)? cost) => group.Claims.Select(claim =>
        new IdleClaimRow(target, claim.Estimator, claim.PowerW, claim.Version)
        {
            Beside = claim.Beside, CostW = cost?.Watts, CostUncertaintyW = K * cost?.StandardWatts, K = cost is null ? null : K,
        });

    // Only of one that ran alone; in a campaign every one of them is a program.
    private static (double Watts, double StandardWatts)? Cost(AtIdleEvidence group, MeterReconciler meters, IdlePower? idle)
    {
        var (fromNs, toNs) = IdleClaims.Inner(group.FromNs, group.ToNs);
        if (group.Claims.Count != 1 || toNs <= fromNs || idle is null)
            return null;
        var window = new RunWindow(fromNs, toNs);
        var found = meters.Energies(window).FirstOrDefault(e => e.Result.Role == "truth").Result;
        if (found is not { EnergyJ: > 0 and var joules, UncertaintyJ: not null })
            return null;
        double Part(string kind) => Math.Sqrt(found.Budget.Where(row => row.Kind == kind).Sum(row => row.UJ * row.UJ)) / window.Seconds;
        var (rest, random) = idle.RandomAt(fromNs + (toNs - fromNs) / 2);
        return IdleClaims.Difference(joules / window.Seconds, Part("random"), rest, random, Part("systematic") * window.Seconds / joules);
    }
}
