using MeterLab.Measurement.Clocks;
using MeterLab.Orchestrator.Targets;
using MeterLab.Orchestrator.Tests.Targets;
using MeterLab.TestKit;

namespace MeterLab.Orchestrator.Tests.Clocks;

/// <summary>A machine in another time, reached over SSH, with its clock's channel open and the truth at hand.</summary>
internal sealed class FakeTimeMachine : IAsyncDisposable
{
    private readonly FakeTimeSshd _sshd;
    private readonly ITargetChannel _truth;

    private FakeTimeMachine(FakeTimeSshd sshd, SshTarget target, ClockChannel clock, ITargetChannel truth)
    {
        _sshd = sshd;
        Target = target;
        Clock = clock;
        _truth = truth;
    }

    /// <summary>The lab host's clocks.</summary>
    public static SystemHostClock Host { get; } = new();

    /// <summary>The reach into it.</summary>
    public SshTarget Target { get; }

    /// <summary>The channel that reads its clock.</summary>
    public ClockChannel Clock { get; }

    /// <summary>The server's port.</summary>
    public int Port => _sshd.Server.Port;

    /// <summary>Options that reach it through something that listens elsewhere.</summary>
    public SshOptions OptionsAt(int port) => Options(_sshd.Server, port);

    /// <summary>Options that reach a server, at another port where something lies between.</summary>
    public static SshOptions Options(Sshd sshd, int? port = null)
    {
        var options = SshdFixture.OptionsFor(sshd) with { HostKey = KnownHosts.Fingerprint(sshd.HostKey) };
        return port is null ? options : options with { Address = options.Address with { Port = port } };
    }

    /// <summary>Takes the server over and opens both channels.</summary>
    public static async Task<FakeTimeMachine> OpenAsync(FakeTimeSshd sshd, CancellationToken cancellationToken)
    {
        var target = new SshTarget("box", Options(sshd.Server), Host);
        var helper = await TargetClock.FindHelperAsync(target, cancellationToken);
        var clock = await TargetClock.OpenAsync(target, helper, cancellationToken);
        return new FakeTimeMachine(sshd, target, clock, await ClockTruth.OpenAsync(target, cancellationToken));
    }

    /// <summary>Bursts of six probes, as campaigns make them.</summary>
    public static Task<IReadOnlyList<SyncObservation>> ProbeAsync(ClockChannel clock, int bursts, int seed, CancellationToken cancellationToken) =>
        TargetClock.ProbeAsync(clock, new ProbeOptions(6 * bursts, 6, TimeSpan.FromSeconds(1), seed), TimeProvider.System, cancellationToken);

    /// <summary>The truth now.</summary>
    public Task<ClockTruth> TruthAsync(CancellationToken cancellationToken) => ClockTruth.ReadAsync(_truth, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _truth.DisposeAsync();
        await Clock.DisposeAsync();
        await Target.DisposeAsync();
        await _sshd.DisposeAsync();
    }
}
