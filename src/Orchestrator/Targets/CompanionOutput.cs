using MeterLab.Estimators;
using MeterLab.Measurement;

namespace MeterLab.Orchestrator.Targets;

/// <summary>What an estimator left behind beside a workload that has ended.</summary>
/// <param name="Files">What it wrote.</param>
/// <param name="Killed">That it did not end by itself; null where it did.</param>
internal sealed record CompanionOutput(IReadOnlyList<EstimatorFile> Files, Finding? Killed)
{
    private const long MaxBytes = 64L << 20;

    /// <summary>Waits for its end, and brings its files home. Throws <see cref="TargetException"/>.</summary>
    public static async Task<CompanionOutput> FetchAsync(
        ITarget target, WorkloadRunner runner, WorkloadRun run, string name, EstimatorLaunch launch, CancellationToken cancellationToken)
    {
        var ended = await runner.FinishCompanionAsync(run, name, TimeSpan.FromSeconds(launch.StopTimeS), cancellationToken).ConfigureAwait(false);
        var killed = ended ? null : new Finding(
            "estimator-killed", Severity.Warning, $"{name} did not end within {launch.StopTimeS:0} s of its stop signal and was killed; its file may be incomplete.");
        return new CompanionOutput(await RunFolder.FetchAsync(target, run, name, MaxBytes, cancellationToken).ConfigureAwait(false), killed);
    }
}
