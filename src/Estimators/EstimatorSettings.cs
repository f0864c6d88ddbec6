namespace MeterLab.Estimators;

/// <summary>What a rig file says about one estimator on one target; a value that the estimator cannot take is refused by it.</summary>
/// <param name="Command">The program's path on the target; null takes the name on the target's PATH.</param>
/// <param name="IntervalS">Sampling interval, s; null takes the estimator's own default.</param>
/// <param name="SelfTracked">The workload tracks itself and writes the file; nothing is launched.</param>
/// <param name="Version">The version on the target, where how it is started depends on it; null is the newest that is known.</param>
/// <param name="Root">The folder on the target under which a sensor's files lie; null takes the kernel's.</param>
public sealed record EstimatorSettings(string? Command = null, double? IntervalS = null, bool SelfTracked = false, string? Version = null, string? Root = null);
