using System.Net.Sockets;

using Renci.SshNet;
using Renci.SshNet.Common;

namespace MeterLab.Orchestrator.Targets;

/// <summary>Opens SSH connections: resolves the configuration, judges host keys, goes through jump hosts.</summary>
internal sealed class SshConnector(SshTarget target, SshOptions options)
{
    private const int DefaultPort = 22;
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);
    private static readonly string[] UsualIdentities = ["~/.ssh/id_ed25519", "~/.ssh/id_ecdsa", "~/.ssh/id_rsa"];

    private readonly string _configFile = options.ConfigFile ?? SshConfigFile.Expand("~/.ssh/config");
    private readonly KnownHosts _knownHosts = new(options.KnownHostsFile ?? SshConfigFile.Expand("~/.ssh/known_hosts"));

    /// <summary>Connects; the result owns whatever lies in between. Throws <see cref="TargetException"/>.</summary>
    public async Task<SshConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var connection = new SshConnection();
        try
        {
            var config = SshConfigFile.Load(_configFile, options.Address.Host);
            foreach (var jump in config.ProxyJump)
            {
                // A jump host has a key of its own: what is pinned is the target's.
                await HopAsync(connection, jump, options with { HostKey = null }, cancellationToken).ConfigureAwait(false);
            }

            await HopAsync(connection, options.Address, options, cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private async Task HopAsync(SshConnection connection, SshAddress address, SshOptions hop, CancellationToken cancellationToken)
    {
        var config = SshConfigFile.Load(_configFile, address.Host);
        var host = config.HostName ?? address.Host;
        var port = address.Port ?? config.Port ?? DefaultPort;
        var user = address.User ?? config.User ?? Environment.UserName;
        var policy = new HostKeyPolicy(hop, _knownHosts, config.HostKeyAlias ?? host, port);
        // Behind a jump host the connection goes to a port of this machine, but the key is still judged by the name of the far one.
        var (dialHost, dialPort) = connection.Forward(host, port);
        var methods = Methods(user, config);
        var info = new ConnectionInfo(dialHost, dialPort, user, [.. methods]) { Timeout = options.ConnectTimeout };
        Prefer(info, policy.KnownTypes);
        var client = new SshClient(info) { KeepAliveInterval = KeepAlive };
        connection.Add(client);
        client.HostKeyReceived += (_, e) => e.CanTrust = policy.Accepts(e.HostKey);
        try
        {
            await client.ConnectAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (policy.Refusal is not null && e is not OperationCanceledException)
        {
            throw target.Failure(TargetFailure.HostKey, $"{user}@{host}:{port}: {policy.Refusal}", e);
        }
        catch (SshAuthenticationException e)
        {
            throw target.Failure(
                TargetFailure.Denied,
                $"{user}@{host}:{port} refused the login ({e.Message.TrimEnd('.')}).\nTried: {(methods.Tried.Length == 0 ? "no key was found" : methods.Tried)}. "
                + "Name a key with `identity:` in the rig file, or load one into the agent.", e);
        }
        catch (Exception e) when (e is SshException or SocketException or IOException or ObjectDisposedException)
        {
            throw target.Failure(
                TargetFailure.Unreachable, $"{user}@{host}:{port} cannot be reached: {e.Message.TrimEnd('.')}. Is it on, and is sshd running there?", e);
        }
    }

    private Identities Methods(string user, SshConfigFile config)
    {
        var files = options.IdentityFile is { } file
            ? [SshConfigFile.Expand(file)]
            : config.IdentityFiles.Count > 0
                ? config.IdentityFiles
                : [.. UsualIdentities.Select(SshConfigFile.Expand).Where(File.Exists)];
        return Identities.Load(target, user, files, explicitly: options.IdentityFile is not null);
    }

    // Known types first, so that a server with several keys shows one that can be judged; certificates not at all.
    private static void Prefer(ConnectionInfo info, IReadOnlyList<string> types)
    {
        var all = info.HostKeyAlgorithms.Where(pair => !pair.Key.Contains("-cert-", StringComparison.Ordinal)).ToList();
        info.HostKeyAlgorithms.Clear();
        foreach (var (name, algorithm) in all.OrderBy(pair => types.Contains(TypeOf(pair.Key)) ? 0 : 1))
            info.HostKeyAlgorithms.Add(name, algorithm);
    }

    private static string TypeOf(string algorithm) => algorithm is "rsa-sha2-256" or "rsa-sha2-512" ? "ssh-rsa" : algorithm;
}
