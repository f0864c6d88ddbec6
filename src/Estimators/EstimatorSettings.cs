namespace MeterLab.Estimators;

/// <summary>What a rig file says about one estimator on one target; a key that the estimator does not know is refused by it.</summary>
/// <param name="Command">The program's path on the target; null takes the name on the target's PATH.</param>
/// <param name="IntervalS">Sampling interval, s; null takes the estimator's own default.</param>
/// <param name="SelfTracked">The workload tracks itself and writes the file; nothing is launched.</param>
public sealed record EstimatorSettings(string? Command = null, double? IntervalS = null, bool SelfTracked = false);
