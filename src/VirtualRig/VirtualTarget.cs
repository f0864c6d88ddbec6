using MeterLab.Orchestrator.Targets;
using MeterLab.VirtualRig.World;

namespace MeterLab.VirtualRig;

/// <summary>
/// The machine under test of the virtual rig: real processes of this machine, in a home of their own, on a clock that is wrong by a known
/// amount. What they use of the processor is what the virtual meters see.
/// </summary>
public sealed class VirtualTarget : ITarget
{
    private const string AtHome = """cd -- "$0" && exec "$@" """;
    private readonly ITarget _inner;
    private readonly string _home;
    private readonly Dictionary<string, string> _environment;

    /// <summary>Wraps the lab host itself.</summary>
    internal VirtualTarget(ITarget inner, SkewedClock clock, string home, string tools)
    {
        _inner = inner;
        _home = home;
        _environment = new Dictionary<string, string>
        {
            ["PATH"] = $"{tools}:{Environment.GetEnvironmentVariable("PATH")}",
            [VirtualSystem.RootVariable] = home,
        };
        ClockHelper = clock.Helper();
    }

    /// <inheritdoc/>
    public string Name => _inner.Name;

    /// <inheritdoc/>
    public string Description => "virtual";

    /// <inheritdoc/>
    public ClockHelper? ClockHelper { get; }

    /// <inheritdoc/>
    public Task<CommandResult> RunAsync(IReadOnlyList<string> command, CommandOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var environment = new Dictionary<string, string>(_environment);
        foreach (var (name, value) in options.Environment ?? new Dictionary<string, string>())
            environment[name] = value;
        var own = options with { WorkingDirectory = InHome(options.WorkingDirectory ?? "."), Environment = environment };
        return _inner.RunAsync(command, own, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ITargetChannel> OpenChannelAsync(IReadOnlyList<string> command, CancellationToken cancellationToken) =>
        _inner.OpenChannelAsync(["sh", "-c", AtHome, _home, .. command], cancellationToken);

    /// <inheritdoc/>
    public Task UploadAsync(ReadOnlyMemory<byte> content, string path, int mode, CancellationToken cancellationToken) =>
        _inner.UploadAsync(content, InHome(path), mode, cancellationToken);

    /// <inheritdoc/>
    public Task<byte[]?> FetchAsync(string path, long maxBytes, CancellationToken cancellationToken) =>
        _inner.FetchAsync(InHome(path), maxBytes, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _inner.DisposeAsync();

    /// <summary>Paths are relative to the account's home, which here is the target's own.</summary>
    private string InHome(string path) => Path.GetFullPath(path, _home);
}
