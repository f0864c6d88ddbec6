using MeterLab.Measurement;

namespace MeterLab.Orchestrator.Validity;

/// <summary>Coverage, longest gap, uncertainty, overflow: the integrator has judged them; here they get their rows.</summary>
internal static class EnergyRules
{
    public static IEnumerable<Verdict> Of(RunCase run)
    {
        var limits = run.Campaign.Limits;
        if (run.Truth is not { EnergyJ: { } energy } truth)
        {
            foreach (var rule in (string[])[RuleNames.Coverage, RuleNames.LongestGap, RuleNames.Overflow, RuleNames.Uncertainty])
                yield return Verdict.NotJudged(rule, "there is no energy to judge");
            yield break;
        }

        yield return Row(RuleNames.Coverage, truth.Coverage >= limits.Coverage, truth.Coverage, limits.Coverage, "1", $"samples cover {truth.Coverage * 100:0.00} % of the run");
        yield return Row(RuleNames.LongestGap, !Said(run, RuleNames.LongestGap), truth.LongestGapS, null, "s", $"the longest gap lasts {truth.LongestGapS ?? 0:0.###} s; {limits.LongestGap:0.##} intervals are allowed");
        yield return Row(RuleNames.Overflow, !Said(run, RuleNames.Overflow), null, null, "1", $"no sample may exceed the meter's range");
        if (truth.UncertaintyJ is { } uncertainty)
        {
            var share = uncertainty / Math.Max(Math.Abs(energy), double.Epsilon);
            yield return Row(RuleNames.Uncertainty, share <= limits.UncertaintyWarning, share, limits.UncertaintyWarning, "1", $"the energy is known to {share * 100:0.00} % (k = {truth.K:0.##}); {limits.UncertaintyWarning * 100:0.##} % draws a warning, {limits.UncertaintyInvalid * 100:0.##} % is invalid");
        }
        else
        {
            yield return Verdict.NotJudged(RuleNames.Uncertainty, "no interval can be stated; see accuracy-unknown");
        }
    }

    private static bool Said(RunCase run, string rule) => run.Findings.Any(finding => finding.Rule == rule && finding.Severity != Severity.Note);

    private static Verdict Row(string rule, bool held, double? value, double? limit, string unit, FormattableString detail) =>
        new(new RuleRow(rule, held, value, limit, unit, FormattableString.Invariant(detail)), null);
}
