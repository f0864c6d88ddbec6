namespace MeterLab.Orchestrator.Targets;

/// <summary>Decides whether the key that a host shows is trusted. Nothing is trusted by default.</summary>
internal sealed class HostKeyPolicy(SshOptions options, KnownHosts knownHosts, string host, int port)
{
    /// <summary>Why the last key was refused; null where it was accepted, or none was shown.</summary>
    public string? Refusal { get; private set; }

    /// <summary>The key types to ask for first, because they can be judged.</summary>
    public IReadOnlyList<string> KnownTypes => options.HostKey is null ? knownHosts.TypesOf(host, port) : [];

    /// <summary>Judges a key; writes a new one down where that is allowed.</summary>
    public bool Accepts(byte[] key)
    {
        var shown = $"{KnownHosts.TypeOf(key)} {KnownHosts.Fingerprint(key)}";
        Refusal = options.HostKey is { } pinned ? JudgePinned(pinned, key, shown) : JudgeKnown(key, shown);
        return Refusal is null;
    }

    private string? JudgePinned(string pinned, byte[] key, string shown)
    {
        // A key that somebody marked as stolen is refused even where it was pinned.
        if (knownHosts.Check(host, port, key) == HostKeyVerdict.Revoked)
            return Revoked(shown);
        return KnownHosts.Fingerprint(key) == pinned.TrimEnd('=')
            ? null
            : $"the host key is not the pinned one. It shows {shown}, pinned is {pinned}.\n"
                + "If the machine was reinstalled, compare with `ssh-keygen -lf` there and change host-key in the rig file; otherwise do not go on.";
    }

    private string? JudgeKnown(byte[] key, string shown)
    {
        switch (knownHosts.Check(host, port, key))
        {
            case HostKeyVerdict.Known:
                return null;
            case HostKeyVerdict.Revoked:
                return Revoked(shown);
            case HostKeyVerdict.Changed:
                return $"THE HOST KEY HAS CHANGED: it shows {shown}, {knownHosts.Path} knows another one.\n"
                    + "If the machine was reinstalled, remove its old line there; otherwise somebody may be listening: do not go on.";
            case HostKeyVerdict.Unknown when options.AcceptNewHostKey:
                knownHosts.Add(host, port, key);
                return null;
            default:
                return $"its host key is not known yet: {shown}\n"
                    + "Compare it with `ssh-keygen -lf /etc/ssh/ssh_host_…_key.pub` on that machine, then pin it in the rig file:\n"
                    + $"host-key: \"{KnownHosts.Fingerprint(key)}\" (or connect once with ssh, with {knownHosts.Path} as UserKnownHostsFile)";
        }
    }

    private string Revoked(string shown) => $"the host key {shown} is marked @revoked in {knownHosts.Path}: do not go on.";
}
