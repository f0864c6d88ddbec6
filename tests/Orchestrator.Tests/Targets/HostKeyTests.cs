using MeterLab.Measurement.Clocks;
using MeterLab.Orchestrator.Targets;
using MeterLab.TestKit;

namespace MeterLab.Orchestrator.Tests.Targets;

public sealed class HostKeyTests : IAsyncLifetime
{
    private Sshd _sshd = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(Sshd.Missing is not null, Sshd.Missing ?? "");
        _sshd = await Sshd.StartAsync(Token);
    }

    public ValueTask DisposeAsync() => _sshd?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task An_unknown_key_is_refused_with_its_fingerprint_and_what_to_do()
    {
        var failure = await Refused(SshdFixture.OptionsFor(_sshd));

        Assert.Contains(KnownHosts.Fingerprint(_sshd.HostKey), failure.Message, StringComparison.Ordinal);
        Assert.Contains("host-key:", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_sshd.PathOf("known_hosts")));
    }

    [Fact]
    public async Task A_pinned_key_is_accepted_and_another_is_refused()
    {
        var options = SshdFixture.OptionsFor(_sshd) with { HostKey = KnownHosts.Fingerprint(_sshd.HostKey) };
        await Accepted(options);

        await Refused(options with { HostKey = KnownHosts.Fingerprint([.. _sshd.HostKey, 0]) });
    }

    [Fact]
    public async Task A_new_key_is_written_down_once_and_a_changed_one_is_always_refused()
    {
        var options = SshdFixture.OptionsFor(_sshd) with { AcceptNewHostKey = true };
        await Accepted(options);
        await Accepted(options);
        await Accepted(options with { AcceptNewHostKey = false });
        var known = await File.ReadAllTextAsync(_sshd.PathOf("known_hosts"), Token);
        Assert.Single(known.Split('\n', StringSplitOptions.RemoveEmptyEntries));

        await _sshd.ChangeHostKeyAsync(Token);

        var failure = await Refused(options);
        Assert.Contains("CHANGED", failure.Message, StringComparison.Ordinal);
        Assert.Equal(known, await File.ReadAllTextAsync(_sshd.PathOf("known_hosts"), Token));
    }

    [Fact]
    public async Task A_revoked_key_is_refused_even_where_it_is_pinned()
    {
        await File.WriteAllTextAsync(
            _sshd.PathOf("known_hosts"), $"@revoked * {await File.ReadAllTextAsync(_sshd.HostKeyFile, Token)}", Token);

        var failure = await Refused(SshdFixture.OptionsFor(_sshd) with { HostKey = KnownHosts.Fingerprint(_sshd.HostKey) });

        Assert.Contains("revoked", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_OpenSSH_wrote_down_hashed_is_known()
    {
        var local = new LocalTarget("here", new SystemHostClock());
        var soon = new CommandOptions(TimeSpan.FromSeconds(20));
        var scan = await local.RunAsync(["ssh-keyscan", "-H", "-p", $"{_sshd.Port}", "127.0.0.1"], soon, Token);
        Assert.StartsWith("|1|", scan.Output, StringComparison.Ordinal);
        await File.WriteAllTextAsync(_sshd.PathOf("known_hosts"), scan.Output, Token);

        await Accepted(SshdFixture.OptionsFor(_sshd));
    }

    [Fact]
    public async Task A_wrong_identity_is_denied_and_says_what_was_tried()
    {
        await File.WriteAllTextAsync(_sshd.PathOf("authorized_keys"), "", Token);
        await using var target = Target(SshdFixture.OptionsFor(_sshd) with { HostKey = KnownHosts.Fingerprint(_sshd.HostKey) });

        var failure = await Assert.ThrowsAsync<TargetException>(
            () => target.RunAsync(["true"], new CommandOptions(TimeSpan.FromSeconds(20)), Token));

        Assert.Equal(TargetFailure.Denied, failure.Failure);
        Assert.Contains(_sshd.IdentityFile, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_listening_is_unreachable()
    {
        var options = SshdFixture.OptionsFor(_sshd);
        await _sshd.DisposeAsync();
        _sshd = await Sshd.StartAsync(Token);
        File.Copy(_sshd.IdentityFile, _sshd.PathOf("copy"));
        await using var target = Target(options with { IdentityFile = _sshd.PathOf("copy") });

        var failure = await Assert.ThrowsAsync<TargetException>(
            () => target.RunAsync(["true"], new CommandOptions(TimeSpan.FromSeconds(20)), Token));

        Assert.Equal(TargetFailure.Unreachable, failure.Failure);
    }

    [Fact]
    public async Task The_ssh_configuration_and_its_jump_host_are_honoured()
    {
        await using var far = await Sshd.StartAsync(Token);
        var known = new KnownHosts(_sshd.PathOf("known_hosts"));
        known.Add("127.0.0.1", _sshd.Port, _sshd.HostKey);
        known.Add("127.0.0.1", far.Port, far.HostKey);
        await File.AppendAllLinesAsync(_sshd.PathOf("authorized_keys"), await File.ReadAllLinesAsync(far.IdentityFile + ".pub", Token), Token);
        await File.WriteAllTextAsync(
            _sshd.PathOf("config-of-ssh"),
            $"""
            Host far
              HostName 127.0.0.1
              Port {far.Port}
              ProxyJump {_sshd.User}@127.0.0.1:{_sshd.Port}
            Host *
              User {far.User}
              IdentityFile {far.IdentityFile}
            """, Token);

        await Accepted(new SshOptions
        {
            Address = SshAddress.Parse("far"),
            KnownHostsFile = known.Path,
            ConfigFile = _sshd.PathOf("config-of-ssh"),
        });
    }

    [Fact]
    public async Task The_agents_keys_are_used()
    {
        var socket = _sshd.PathOf("agent");
        var local = new LocalTarget("here", new SystemHostClock());
        var soon = new CommandOptions(TimeSpan.FromSeconds(20));
        var agent = local.RunAsync(["ssh-agent", "-D", "-a", socket], new CommandOptions(TimeSpan.FromSeconds(30)), Token);
        await Processes.UntilAsync(() => File.Exists(socket), Token);
        var environment = new Dictionary<string, string> { ["SSH_AUTH_SOCK"] = socket };
        var added = await local.RunAsync(["ssh-add", _sshd.IdentityFile], soon with { Environment = environment }, Token);
        Assert.Equal(0, added.ExitCode);
        await File.WriteAllTextAsync(_sshd.PathOf("config-of-ssh"), "IdentityFile none\n", Token);
        var before = Environment.GetEnvironmentVariable("SSH_AUTH_SOCK");
        try
        {
            Environment.SetEnvironmentVariable("SSH_AUTH_SOCK", socket);

            await Accepted(SshdFixture.OptionsFor(_sshd) with
            {
                IdentityFile = null, HostKey = KnownHosts.Fingerprint(_sshd.HostKey), ConfigFile = _sshd.PathOf("config-of-ssh"),
            });
        }
        finally
        {
            Environment.SetEnvironmentVariable("SSH_AUTH_SOCK", before);
            await local.RunAsync(["ssh-add", "-D"], soon with { Environment = environment }, Token);
            foreach (var id in Processes.WithArgument(socket))
                System.Diagnostics.Process.GetProcessById(id).Kill();
        }

        await agent;
    }

    private static SshTarget Target(SshOptions options) => new("box", options, new SystemHostClock());

    private static async Task Accepted(SshOptions options)
    {
        await using var target = Target(options);
        Assert.Equal(0, (await target.RunAsync(["true"], new CommandOptions(TimeSpan.FromSeconds(20)), Token)).ExitCode);
    }

    private static async Task<TargetException> Refused(SshOptions options)
    {
        await using var target = Target(options);
        var failure = await Assert.ThrowsAsync<TargetException>(
            () => target.RunAsync(["true"], new CommandOptions(TimeSpan.FromSeconds(20)), Token));
        Assert.Equal(TargetFailure.HostKey, failure.Failure);
        return failure;
    }
}
