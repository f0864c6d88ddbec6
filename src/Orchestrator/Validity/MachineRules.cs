using MeterLab.Measurement;
using MeterLab.Orchestrator.Reconciliation;
using MeterLab.Orchestrator.Targets;

namespace MeterLab.Orchestrator.Validity;

/// <summary>The machine: a baseline that is young and its own, and rest before the start.</summary>
internal static class MachineRules
{
    public static IEnumerable<Verdict> Of(RunCase run)
    {
        yield return Baseline(run);
        yield return Idle(run);
    }

    private static Verdict Baseline(RunCase run)
    {
        var target = run.Target;
        var why = target.Baseline is { } stored ? Objection(run, stored) : "none was measured before the campaign";
        if (why is null)
        {
            var age = (run.Campaign.StartedUtcNs - target.Baseline!.MeasuredUtcNs) * 1e-9 / 86400;
            return Verdict.Of(
                RuleNames.Baseline, Severity.Warning, age, run.Limits.BaselineAge.TotalDays, "d", true,
                $"the baseline is {age:0.0} days old, and the machine is what it was");
        }

        return run.Target.Baselines.Count > 0
            ? Verdict.Words(RuleNames.Baseline, Severity.Warning, true, $"the campaign measured the idle power itself, {run.Target.Baselines.Count} times (of the kept baseline: {why})")
            : Verdict.Words(RuleNames.Baseline, Severity.Warning, false, $"There is no baseline in force: {why}, and the campaign measured none (phases: baseline).");
    }

    private static string? Objection(RunCase run, BaselineEvidence stored)
    {
        var age = (run.Campaign.StartedUtcNs - stored.MeasuredUtcNs) * 1e-9 / 86400;
        if (age > run.Limits.BaselineAge.TotalDays)
            return FormattableString.Invariant($"it is {age:0.0} days old, {run.Limits.BaselineAge.TotalDays:0.##} are allowed");
        if (run.Target.Machine is not { } machine || machine.Hash == stored.Fingerprint)
            return null;
        var changes = FingerprintChanges.Of(stored.Machine, machine.Parts);
        return changes.Count > 0 ? $"since it was measured {string.Join("; ", changes)}" : "the machine's fingerprint is another one";
    }

    private static Verdict Idle(RunCase run)
    {
        if (run.Run.IdleBefore is not { } seen)
            return Verdict.NotJudged(RuleNames.IdleBefore, "the rig file states no gates for this target");
        var broken = seen.Broken().ToList();
        return broken.Count == 0
            ? Verdict.Words(RuleNames.IdleBefore, Severity.Warning, true, $"before the start the machine was at rest: {seen}")
            : Verdict.Words(RuleNames.IdleBefore, Severity.Warning, false, $"Before the start the machine was not at rest: {string.Join("; ", broken)}.");
    }
}
