namespace MeterLab.Orchestrator.Targets;

/// <summary>How a target is reached over SSH.</summary>
public sealed record SshOptions
{
    /// <summary>Where.</summary>
    public required SshAddress Address { get; init; }

    /// <summary>A private key file; null takes those of the ssh configuration, the agent's, and the usual ones in <c>~/.ssh</c>.</summary>
    public string? IdentityFile { get; init; }

    /// <summary>Pins the host key: <c>SHA256:…</c> as ssh-keygen prints it. No other key is then accepted, whatever known hosts say.</summary>
    public string? HostKey { get; init; }

    /// <summary>The known hosts file; null is <c>~/.ssh/known_hosts</c>.</summary>
    public string? KnownHostsFile { get; init; }

    /// <summary>Whether a host never seen before is trusted and written down. A changed key is refused in any case.</summary>
    public bool AcceptNewHostKey { get; init; }

    /// <summary>The ssh configuration; null is <c>~/.ssh/config</c>. It need not exist.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>The most that connecting may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);
}
