using System.Globalization;

using MeterLab.Measurement;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Orchestrator.Reconciliation;

/// <summary>
/// What MeterLab's own runner and each estimator cost in joules, by estimate: CPU seconds times what a busy processor of that machine draws. What a
/// supervisor and clock probes draw is far below what a meter resolves in a run, so that measuring it, as of estimators, is no way.
/// </summary>
internal static class OverheadEstimates
{
    private const double K = 2;

    /// <summary>The run with estimates beside its CPU seconds; as it is where nothing is known of the target's processors.</summary>
    public static RunResult Tell(RunResult run, CoreEvidence? core)
    {
        if (core is null)
            return run;
        var (watts, standard) = (core.Core.Watts, core.Core.StandardWatts);
        return run with
        {
            Overhead = run.Overhead with { EnergyEstimateJ = watts * run.Overhead.CpuS, EnergyEstimateUncertaintyJ = K * standard * run.Overhead.CpuS },
            Estimators =
            [
                .. run.Estimators.Select(estimate => estimate with
                {
                    OverheadEstimateJ = watts * estimate.OverheadCpuS, OverheadEstimateUncertaintyJ = K * standard * estimate.OverheadCpuS,
                }),
            ],
        };
    }

    /// <summary>How the estimates came about, or why there are none.</summary>
    public static Finding Words(TargetEvidence target) => target.Core is not { } core
        ? new Finding("overhead-energy", Severity.Note,
            $"{target.Name}: what the runner, the clock probes and the estimators cost is known in CPU seconds and not in joules: no baseline of this machine has load steps. meterlab baseline measure {target.Name} --load-steps tells what a busy processor draws.")
        : new Finding("overhead-energy", Severity.Note, string.Create(CultureInfo.InvariantCulture,
            $"{target.Name}: joules of the runner, the clock probes and the estimators are estimated as CPU seconds x {core.Core.Watts:0.0} W +/- {K * core.Core.StandardWatts:0.0} W a busy processor (k = 2), from the load steps of {Reconciler.Utc(core.MeasuredUtcNs)}; work that the kernel and sshd do for them is not in their CPU seconds."));
}
