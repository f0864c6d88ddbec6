using MeterLab.Estimators;
using MeterLab.Estimators.Sensors;
using MeterLab.Measurement;
using MeterLab.Measurement.Lag;
using MeterLab.Orchestrator.Reconciliation;
using MeterLab.Orchestrator.Rigs;
using MeterLab.Orchestrator.Targets;

namespace MeterLab.Orchestrator.Campaigns;

/// <summary>Plays a sync pattern on all processors of a target under the runner, and brings its edges home.</summary>
internal static class SyncPlayer
{
    private static readonly TimeSpan Room = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Plays <paramref name="pattern"/> with that many busy processes and returns its edges as the target stamped them, and what its own
    /// <paramref name="sensors"/> saw of it. Throws <see cref="TargetException"/>; a sensor that fails says nothing.
    /// </summary>
    public static async Task<(IReadOnlyList<LoadEdge> Edges, IReadOnlyList<SensorTrace> Sensors)> PlayAsync(
        ITarget target, ClockHelper helper, SyncPattern pattern, int workers, string run, IReadOnlyList<TargetEstimator> sensors, TimeProvider time,
        CancellationToken cancellationToken)
    {
        var bits = string.Concat(pattern.Bits.Select(bit => bit ? '1' : '0'));
        var workload = new PatternWorkload(bits, TimeSpan.FromSeconds(pattern.ChipSeconds), workers);
        var runner = new WorkloadRunner(target, time);
        var beside = sensors.Where(own => own.Estimator is SensorEstimator).Select(own => (own.Name, Sensor: (SensorEstimator)own.Estimator, Launch: own.Estimator.Launch(own.Settings, run)))
            .Where(one => one.Launch is not null).ToList();
        var spec = workload.ToSpec(run, helper) with { Companions = [.. beside.Select(one => new WorkloadCompanion(one.Name, one.Launch!))] };
        var started = await runner.StartAsync(spec, cancellationToken).ConfigureAwait(false);
        try
        {
            await runner.WaitAsync(started, Room, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await runner.StopAsync(started, TimeSpan.FromSeconds(1), CancellationToken.None).ConfigureAwait(false);
            throw;
        }

        var record = await runner.CollectAsync(started, cancellationToken).ConfigureAwait(false);
        if (record is not { ExitCode: 0 })
            throw new TargetException(TargetFailure.Command, target.Name, $"the sync pattern failed: {record?.ErrorTail.Trim() ?? "it left no record"}");
        var edges = await PatternWorkload.FetchEdgesAsync(target, started, cancellationToken).ConfigureAwait(false);
        var traces = new List<SensorTrace>();
        foreach (var (name, sensor, launch) in beside)
            traces.Add(await TraceAsync(target, runner, started, name, sensor, launch!, cancellationToken).ConfigureAwait(false));
        await runner.RemoveAsync(started, cancellationToken).ConfigureAwait(false);
        return (edges, traces);
    }

    private static async Task<SensorTrace> TraceAsync(
        ITarget target, WorkloadRunner runner, WorkloadRun started, string name, SensorEstimator sensor, EstimatorLaunch launch, CancellationToken cancellationToken)
    {
        try
        {
            var output = await CompanionOutput.FetchAsync(target, runner, started, name, launch, cancellationToken).ConfigureAwait(false);
            return sensor.Trace(output.Files) is { } trace ? new SensorTrace(name, trace.EndNs, trace.Watts) : new SensorTrace(name, [], []);
        }
        catch (MeterLabException e) when (e is TargetException or ConfigurationException)
        {
            return new SensorTrace(name, [], []);
        }
    }
}
