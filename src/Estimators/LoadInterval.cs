namespace MeterLab.Estimators;

/// <summary>How busy the whole processor was in a stretch of time.</summary>
/// <param name="FromTargetNs">Its beginning on the target's clock, ns since 1970.</param>
/// <param name="ToTargetNs">Its end.</param>
/// <param name="Load">Mean share of all logical processors, 0 to 1.</param>
public readonly record struct LoadInterval(long FromTargetNs, long ToTargetNs, double Load);
