using MeterLab.Measurement.Clocks;

namespace MeterLab.Orchestrator.Targets;

/// <summary>The lab host itself as a target: its own processes, no network in between.</summary>
public sealed class LocalTarget : ShellTarget
{
    private readonly string? _home;

    /// <summary>Creates the target of that name.</summary>
    /// <param name="name">Its name in the rig file.</param>
    /// <param name="clock">Brackets the exchanges of channels.</param>
    /// <param name="time">Deadlines; null is the system's.</param>
    /// <param name="home">Stands in for the account's home, so that runs lie below it; an absolute folder that exists.</param>
    public LocalTarget(string name, IHostClock clock, TimeProvider? time = null, string? home = null)
        : base(name, clock, time ?? TimeProvider.System) =>
        _home = home;

    /// <inheritdoc/>
    public override string Description => "local";

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private protected override Task<IShellProcess> StartAsync(IReadOnlyList<string> words, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IShellProcess>(LocalProcess.Start(this, words, _home));
    }
}
