using MeterLab.Measurement.Clocks;
using MeterLab.Orchestrator.Targets;
using MeterLab.TestKit;

namespace MeterLab.Orchestrator.Tests.Targets;

/// <summary>One server for the tests of a class.</summary>
public sealed class SshdFixture : IAsyncLifetime
{
    private Sshd? _sshd;

    /// <summary>The server; skips the test where there is none.</summary>
    public Sshd Sshd
    {
        get
        {
            Assert.SkipWhen(_sshd is null, Sshd.Missing ?? "");
            return _sshd;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (Sshd.Missing is null)
            _sshd = await Sshd.StartAsync(TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => _sshd?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>A target on it that pins the right key.</summary>
    public SshTarget Target() => new("box", Options(), new SystemHostClock());

    /// <summary>Options that reach it, with the right key pinned.</summary>
    public SshOptions Options() => OptionsFor(Sshd) with { HostKey = KnownHosts.Fingerprint(Sshd.HostKey) };

    /// <summary>Options that reach a server and know nothing of its key.</summary>
    public static SshOptions OptionsFor(Sshd sshd) => new()
    {
        Address = new SshAddress(sshd.User, "127.0.0.1", sshd.Port),
        IdentityFile = sshd.IdentityFile,
        KnownHostsFile = sshd.PathOf("known_hosts"),
        ConfigFile = sshd.PathOf("no-ssh-config"),
    };
}
