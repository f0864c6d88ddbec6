using MeterLab.Measurement;

namespace MeterLab.Orchestrator.Validity;

/// <summary>A second meter in series (<c>role: check</c>) against the first: a disagreement beyond both uncertainties means a wrong ratio, a wrong range, or a broken meter.</summary>
internal static class CheckMeterRule
{
    public static IEnumerable<Verdict> Of(RunCase run)
    {
        var checks = run.Meters.Where(meter => meter.Role == "check").ToList();
        if (checks.Count == 0)
            return [Verdict.NotJudged(RuleNames.CheckMeter, "no meter stands in series to check with")];
        return checks.Select(check =>
        {
            var truth = run.Meters.FirstOrDefault(meter => meter.Role == "truth" && meter.Scope == check.Scope);
            if (truth?.EnergyJ is not { } energy || check.EnergyJ is not { } other || truth.UncertaintyJ is not { } own || check.UncertaintyJ is not { } its)
                return Verdict.NotJudged(RuleNames.CheckMeter, $"{check.Meter}: one of the two meters has no energy, or no interval");
            // Both are expanded by 2.
            var allowed = Math.Sqrt(own * own + its * its);
            return Verdict.Of(
                RuleNames.CheckMeter, Severity.Warning, other - energy, allowed, "J", Math.Abs(other - energy) <= allowed,
                $"{check.Meter} in series with {truth.Meter} ({check.Scope}) says {other:0.0} +/- {its:0.0} J, {truth.Meter} {energy:0.0} +/- {own:0.0} J: {(other - energy) / energy * 100:+0.00;-0.00} % apart, {allowed / Math.Abs(energy) * 100:0.00} % is what both together leave open");
        }).ToList();
    }
}
