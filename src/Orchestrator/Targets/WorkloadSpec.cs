using MeterLab.Estimators;

namespace MeterLab.Orchestrator.Targets;

/// <summary>A file that a workload needs beside it.</summary>
/// <param name="Path">Relative to the run's working folder, forward slashes, no <c>..</c>.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="Mode">Permissions, for instance 0700.</param>
public sealed record WorkloadUpload(string Path, ReadOnlyMemory<byte> Content, int Mode = WorkloadUpload.Executable)
{
    /// <summary>0700: the owner's, readable, writable, executable.</summary>
    public const int Executable = 0b111_000_000;
}

/// <summary>An estimator's program beside a workload.</summary>
/// <param name="Name">The estimator's name.</param>
/// <param name="Launch">How it is run.</param>
public sealed record WorkloadCompanion(string Name, EstimatorLaunch Launch);

/// <summary>One execution of a workload on a target.</summary>
public sealed record WorkloadSpec
{
    /// <summary>Names the state folder <c>~/.meterlab/runs/RUN</c>; letters, digits, <c>.</c>, <c>-</c> and <c>_</c>, used once.</summary>
    public required string Run { get; init; }

    /// <summary>How the target tells the time.</summary>
    public required ClockHelper Helper { get; init; }

    /// <summary>Program and arguments, no shell in between; empty where <see cref="Script"/> is given.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>The text of a shell script, run by <c>sh</c>; null where <see cref="Command"/> is given.</summary>
    public string? Script { get; init; }

    /// <summary>Variables to set.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>An absolute folder to run in; null is the run's own folder, where the uploads lie.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Files to bring along.</summary>
    public IReadOnlyList<WorkloadUpload> Uploads { get; init; } = [];

    /// <summary>It is stopped after this, by the target itself; whole seconds, rounded up.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>The time between asking it to stop and killing it; whole seconds, rounded up.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What is kept of each output stream, bytes.</summary>
    public long MaxOutputBytes { get; init; } = 1024 * 1024;

    /// <summary>Estimators that run beside it, each in its own empty folder.</summary>
    public IReadOnlyList<WorkloadCompanion> Companions { get; init; } = [];
}
