using MeterLab.Measurement;

namespace MeterLab.Orchestrator.Validity;

/// <summary>The workload's exit code, and figures of every estimator that was asked.</summary>
internal static class OutcomeRules
{
    public static IEnumerable<Verdict> Of(RunCase run)
    {
        // The reconciler has said so where it is not.
        var code = run.Run.ExitCode is { } exit ? $", exit code {exit}" : "";
        yield return new(new RuleRow(RuleNames.Outcome, run.Run.Outcome == "passed", run.Run.ExitCode, 0, "1", $"the workload {run.Run.Outcome}{code}"), null);
        if (run.Run.Estimators.Count == 0)
        {
            yield return Verdict.NotJudged(RuleNames.EstimatorOutput, "no estimator was asked");
            yield break;
        }

        var silent = run.Estimators.Where(estimator => estimator.EnergyJ is null).Select(estimator => estimator.Estimator).ToList();
        yield return silent.Count == 0
            ? Verdict.Words(RuleNames.EstimatorOutput, Severity.Warning, true, $"{string.Join(", ", run.Estimators.Select(estimator => estimator.Estimator))} said something of this run")
            : Verdict.Words(RuleNames.EstimatorOutput, Severity.Warning, false, $"Estimator missing: {string.Join(", ", silent)} said nothing usable of this run; the estimator's own findings say why.");
    }
}
