namespace MeterLab.Estimators;

/// <summary>
/// How an estimator's program is run on a target: beside the workload, in an empty folder of its own, which is its home too (a settings
/// file in the account's home would silently change the run), until it is told to stop.
/// </summary>
/// <param name="Command">Program and arguments; no shell in between.</param>
/// <param name="Environment">Variables to set.</param>
/// <param name="StopSignal">
/// TERM or INT, sent to its process group; or <see cref="NoSignal"/> where it runs around a command that ends by itself
/// (<see cref="Holder"/>) and only then writes its file.
/// </param>
/// <param name="StartTimeS">Seconds to wait at most until it measures.</param>
/// <param name="StopTimeS">Seconds to wait at most until it has written its file.</param>
/// <param name="ReadyText">
/// What it prints once it measures, so that no more than that is waited for: what it counts before the workload is in its figure. Null
/// where it prints nothing of the kind; then the whole <paramref name="StartTimeS"/> passes.
/// </param>
public sealed record EstimatorLaunch(
    IReadOnlyList<string> Command,
    IReadOnlyDictionary<string, string> Environment,
    string StopSignal,
    double StartTimeS,
    double StopTimeS,
    string? ReadyText = null)
{
    /// <summary>No signal: the end of the <see cref="Holder"/> is the end of the program.</summary>
    public const string NoSignal = "NONE";

    /// <summary>
    /// A command that sleeps until the run is over, for tools that can only wrap a command. They then measure the machine beside the
    /// workload, which keeps its own launch, arguments and exit code. The path leads from an estimator's folder to the runner of its run.
    /// </summary>
    public static IReadOnlyList<string> Holder { get; } = ["sh", "../../../runner.sh", "hold"];

    /// <summary>The runner's reader of sensors (sampler.sh); the path leads from an estimator's folder to the runner of its run.</summary>
    public static IReadOnlyList<string> Sampler { get; } = ["sh", "../../../sampler.sh"];

    /// <summary>Whether it is started through <see cref="Sampler"/>, which then has to be on the target.</summary>
    public bool UsesSampler => Command.Take(Sampler.Count).SequenceEqual(Sampler);

    /// <summary>Time stamps in UTC, and output at once.</summary>
    public static IReadOnlyDictionary<string, string> Plain { get; } = new Dictionary<string, string> { ["TZ"] = "UTC", ["PYTHONUNBUFFERED"] = "1" };
}
