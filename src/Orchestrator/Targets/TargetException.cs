using MeterLab.Measurement;

namespace MeterLab.Orchestrator.Targets;

/// <summary>Why a target failed.</summary>
public enum TargetFailure
{
    /// <summary>no route, refused, not answering</summary>
    Unreachable,

    /// <summary>the host key is unknown or not the pinned one</summary>
    HostKey,

    /// <summary>the login was refused</summary>
    Denied,

    /// <summary>the connection went away</summary>
    Disconnected,

    /// <summary>a deadline passed</summary>
    TimedOut,

    /// <summary>a command that had to succeed did not, or answered nonsense</summary>
    Command,
}

/// <summary>A target cannot be reached or used as asked. Names the target, what was tried and what to do.</summary>
public sealed class TargetException(TargetFailure failure, string target, string message, Exception? inner = null)
    : MeterLabException($"target {target}: {message}", inner)
{
    /// <summary>Why.</summary>
    public TargetFailure Failure { get; } = failure;

    /// <summary>The target's name in the rig file.</summary>
    public string Target { get; } = target;
}
