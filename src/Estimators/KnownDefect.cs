namespace MeterLab.Estimators;

/// <summary>A defect of an estimator that distorts its figures.</summary>
/// <param name="Versions">The versions that have it: <c>3.2.9 to 3.3.0</c>; "all" where every version read has it.</param>
/// <param name="What">What it does to the figures, in one sentence.</param>
/// <param name="Finding">The rule of the finding that names it in a result; null where the files do not show it.</param>
public sealed record KnownDefect(string Versions, string What, string? Finding = null);
