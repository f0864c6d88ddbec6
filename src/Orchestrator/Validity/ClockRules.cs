using MeterLab.Measurement;

namespace MeterLab.Orchestrator.Validity;

/// <summary>What clocks may do to a run: residual times step, steps of either host.</summary>
internal static class ClockRules
{
    public static IEnumerable<Verdict> Of(RunCase run)
    {
        yield return Share(run);
        var stepped = run.Findings.FirstOrDefault(finding => finding.Rule == RuleNames.ClockStep);
        yield return new(new RuleRow(RuleNames.ClockStep, stepped is null, null, null, "1", stepped?.Detail ?? "the target's clock did not step during the run"), null);
        var steps = run.Campaign.HostLine.UtcSteps().Where(step => step.ToNs > run.Run.LaunchedNs && step.FromNs < run.Run.SeenEndNs).ToList();
        yield return steps.Count == 0
            ? Verdict.Words(RuleNames.HostClockStep, Severity.Invalid, true, "the lab host's UTC did not step during the run")
            : Verdict.Of(
                RuleNames.HostClockStep, Severity.Invalid, steps.Sum(step => step.SizeNs) * 1e-9, 0, "s", false,
                $"The lab host's UTC stepped by {steps.Sum(step => step.SizeNs) * 1e-9:+0.000000;-0.000000} s during the run; samples did not move, but every time stated in UTC did.");
    }

    private static Verdict Share(RunCase run)
    {
        if (run.Truth?.EnergyJ is not { } energy || run.Seconds is not > 0 || run.Time.OffsetS is null || energy == 0)
            return Verdict.NotJudged(RuleNames.ClockShare, "there is no energy, or no clock, to judge");
        if (run.Idle is not { } idle)
            return Verdict.NotJudged(RuleNames.ClockShare, "the step of power at the edges is not known without an idle power");
        var step = Math.Abs(energy / run.Seconds.Value - idle.Watts);
        var residual = 2 * run.Time.UncertaintyNs * 1e-9;
        var share = residual * step / Math.Abs(energy);
        return Verdict.Of(
            RuleNames.ClockShare, Severity.Warning, share, run.Limits.ClockShare, "1", share <= run.Limits.ClockShare,
            $"the clock is known to {residual * 1e3:0.###} ms (k = 2), and at the edges the power steps by {step:0.0} W: {share * 100:0.####} % of the energy; {run.Limits.ClockShare * 100:0.###} % is allowed");
    }
}
