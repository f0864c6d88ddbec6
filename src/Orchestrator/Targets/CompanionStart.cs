namespace MeterLab.Orchestrator.Targets;

/// <summary>
/// Waits until the estimators beside a workload measure: until each has printed the words that say so, or its longest start has passed.
/// What they count before the workload begins is in their figures, so nothing is waited for in vain.
/// </summary>
internal sealed class CompanionStart(ITarget target, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>Waits. Throws <see cref="TargetException"/> where the target does not answer.</summary>
    public async Task WaitAsync(WorkloadSpec spec, WorkloadRun run, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        foreach (var companion in spec.Companions)
        {
            var longest = TimeSpan.FromSeconds(companion.Launch.StartTimeS);
            var ready = false;
            while (!ready && longest - time.GetElapsedTime(begun) is { } left && left > TimeSpan.Zero)
            {
                if (companion.Launch.ReadyText is { } words)
                    ready = await HasPrintedAsync(run.CompanionDirectory(companion.Name), words, cancellationToken).ConfigureAwait(false);
                if (!ready)
                    await Task.Delay(companion.Launch.ReadyText is null || left < Pause ? left : Pause, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<bool> HasPrintedAsync(string state, string words, CancellationToken cancellationToken)
    {
        var result = await target.RunAsync(
            ["grep", "-q", "-F", "-e", words, $"{state}/stdout", $"{state}/stderr"], new CommandOptions(Deadline), cancellationToken).ConfigureAwait(false);
        return result.ExitCode == 0;
    }
}
