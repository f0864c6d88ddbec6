using MeterLab.Orchestrator.Targets;

namespace MeterLab.Orchestrator.Tests.Clocks;

/// <summary>A target that hands everything on; a test changes what it wants.</summary>
internal abstract class ForwardingTarget(ITarget inner) : ITarget
{
    public string Name => inner.Name;

    public string Description => inner.Description;

    public ClockHelper? ClockHelper => inner.ClockHelper;

    public virtual Task<CommandResult> RunAsync(IReadOnlyList<string> command, CommandOptions options, CancellationToken cancellationToken) =>
        inner.RunAsync(command, options, cancellationToken);

    public Task<ITargetChannel> OpenChannelAsync(IReadOnlyList<string> command, CancellationToken cancellationToken) =>
        inner.OpenChannelAsync(command, cancellationToken);

    public Task UploadAsync(ReadOnlyMemory<byte> content, string path, int mode, CancellationToken cancellationToken) =>
        inner.UploadAsync(content, path, mode, cancellationToken);

    public Task<byte[]?> FetchAsync(string path, long maxBytes, CancellationToken cancellationToken) => inner.FetchAsync(path, maxBytes, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}

/// <summary>A target whose commands find their programs elsewhere.</summary>
internal sealed class OtherPathTarget(ITarget inner, string path) : ForwardingTarget(inner)
{
    public override Task<CommandResult> RunAsync(IReadOnlyList<string> command, CommandOptions options, CancellationToken cancellationToken) =>
        base.RunAsync(command, options with { Environment = new Dictionary<string, string> { ["PATH"] = path } }, cancellationToken);
}
