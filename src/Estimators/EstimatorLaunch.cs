namespace MeterLab.Estimators;

/// <summary>How an estimator's program is run on a target: beside the workload, in a folder of its own, stopped by a signal.</summary>
/// <param name="Command">Program and arguments; no shell in between.</param>
/// <param name="Environment">Variables to set.</param>
/// <param name="StopSignal">TERM or INT.</param>
/// <param name="StartTimeS">Seconds to wait at most until it measures.</param>
/// <param name="StopTimeS">Seconds to wait at most until it has written its file.</param>
public sealed record EstimatorLaunch(
    IReadOnlyList<string> Command,
    IReadOnlyDictionary<string, string> Environment,
    string StopSignal,
    double StartTimeS,
    double StopTimeS);
