using MeterLab.Measurement;

namespace MeterLab.Orchestrator.Validity;

/// <summary>A rule's row, and the severity of breaking it where nobody else has said so already (null: somebody has).</summary>
internal readonly record struct Verdict(RuleRow Row, Severity? Severity)
{
    public static Verdict Of(string rule, Severity severity, double? value, double limit, string unit, bool held, FormattableString detail) =>
        new(new RuleRow(rule, held, value, limit, unit, FormattableString.Invariant(detail)), severity);

    public static Verdict Words(string rule, Severity severity, bool held, string detail) => new(new RuleRow(rule, held, null, null, "1", detail), severity);

    /// <summary>The rule asks for something that this run does not have.</summary>
    public static Verdict NotJudged(string rule, string why) => new(new RuleRow(rule, null, null, null, "1", why), null);
}
