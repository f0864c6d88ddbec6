using MeterLab.Measurement.Lag;
using MeterLab.Orchestrator.Targets;

namespace MeterLab.Orchestrator.Campaigns;

/// <summary>Plays a sync pattern on all processors of a target under the runner, and brings its edges home.</summary>
internal static class SyncPlayer
{
    private static readonly TimeSpan Room = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Plays <paramref name="pattern"/> with that many busy processes and returns its edges as the target stamped them. Throws <see cref="TargetException"/>.
    /// </summary>
    public static async Task<IReadOnlyList<LoadEdge>> PlayAsync(
        ITarget target, ClockHelper helper, SyncPattern pattern, int workers, string run, TimeProvider time, CancellationToken cancellationToken)
    {
        var bits = string.Concat(pattern.Bits.Select(bit => bit ? '1' : '0'));
        var workload = new PatternWorkload(bits, TimeSpan.FromSeconds(pattern.ChipSeconds), workers);
        var runner = new WorkloadRunner(target, time);
        var started = await runner.StartAsync(workload.ToSpec(run, helper), cancellationToken).ConfigureAwait(false);
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
        await runner.RemoveAsync(started, cancellationToken).ConfigureAwait(false);
        return edges;
    }
}
