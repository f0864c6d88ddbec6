namespace MeterLab.Orchestrator.Validity;

/// <summary>One validity rule as it was applied to one run, as JSON has it; rules that hold stand there too.</summary>
/// <param name="Rule">Its name.</param>
/// <param name="Held">Whether it holds; null where it could not be judged, or asks for something that this run does not have.</param>
/// <param name="Value">What was found, in <paramref name="Unit"/>; null where the rule is not about a figure.</param>
/// <param name="Limit">What it is held against.</param>
/// <param name="Unit">Of both; 1 for shares.</param>
/// <param name="Detail">In words, with figures.</param>
public sealed record RuleRow(string Rule, bool? Held, double? Value, double? Limit, string Unit, string Detail);
