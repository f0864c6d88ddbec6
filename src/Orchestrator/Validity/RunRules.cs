using MeterLab.Measurement;

namespace MeterLab.Orchestrator.Validity;

/// <summary>
/// The validity rules of a run, all of them, whatever the first ones say. A rule that is broken is a finding; every rule is a row with its
/// figures. Severities of a rig file replace the rules' own, wherever a finding came from. Pure.
/// </summary>
internal static class RunRules
{
    // In the order of RuleNames.All.
    private static readonly Func<RunCase, IEnumerable<Verdict>>[] Rules =
    [
        EnergyRules.Of, TraceRules.Of, ClockRules.Of, MeterRules.Of, LengthRules.Of, MachineRules.Of, OutcomeRules.Of, CheckMeterRule.Of,
    ];

    /// <summary>Rows and findings; the findings include those that the case brought, with the rig's severities.</summary>
    public static (IReadOnlyList<RuleRow> Rows, IReadOnlyList<Finding> Findings) Judge(RunCase run)
    {
        var verdicts = Rules.SelectMany(rule => rule(run)).ToList();
        var findings = new List<Finding>(run.Findings);
        foreach (var verdict in verdicts)
        {
            if (verdict.Row.Held == false && verdict.Severity is { } severity)
                findings.Add(new Finding(verdict.Row.Rule, severity, verdict.Row.Detail));
        }

        var order = RuleNames.All.ToList();
        return (
            [.. verdicts.Select(verdict => verdict.Row).OrderBy(row => order.IndexOf(row.Rule))],
            [
                .. findings.Select(finding => run.Limits.Severities.TryGetValue(finding.Rule, out var severity) ? finding with { Severity = severity } : finding),
                .. run.Besides,
            ]);
    }
}
