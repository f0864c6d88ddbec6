using MeterLab.Orchestrator.Targets;

namespace MeterLab.Orchestrator.Rigs;

/// <summary>How a target is reached: a closed family.</summary>
public abstract record TargetReach;

/// <summary>Over SSH.</summary>
/// <param name="Address">Account, host and port.</param>
/// <param name="IdentityPath">A private key file; null takes the agent or the SSH configuration.</param>
/// <param name="HostKey">The pinned key as <c>SHA256:…</c>; null lets the known hosts decide.</param>
public sealed record SshReach(SshAddress Address, string? IdentityPath, string? HostKey) : TargetReach;

/// <summary>This very machine.</summary>
public sealed record LocalReach : TargetReach;

/// <summary>A target of the virtual rig.</summary>
/// <param name="Name">Its name there.</param>
public sealed record VirtualReach(string Name) : TargetReach;
