namespace MeterLab.Measurement;

/// <summary>How much a finding matters.</summary>
public enum Severity
{
    /// <summary>worth knowing</summary>
    Note,

    /// <summary>the result stands, with a reservation</summary>
    Warning,

    /// <summary>the result must not be used</summary>
    Invalid,
}

/// <summary>Something that a rule found, with its figures, in words. Findings are collected, never stopped at the first.</summary>
/// <param name="Rule">The rule's name, lower case with hyphens: <c>coverage</c>, <c>clock-step</c>.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Detail">What was found, with figures and units, in one sentence.</param>
public sealed record Finding(string Rule, Severity Severity, string Detail);
