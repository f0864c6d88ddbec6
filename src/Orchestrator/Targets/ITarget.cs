namespace MeterLab.Orchestrator.Targets;

/// <summary>
/// A machine under test, as far as the orchestrator reaches into it: run a short command, talk to a helper over one open channel,
/// move files. Needs sshd and a POSIX shell there, nothing more. Failures are <see cref="TargetException"/>; every call has a deadline.
/// </summary>
public interface ITarget : IAsyncDisposable
{
    /// <summary>Its name in the rig file.</summary>
    string Name { get; }

    /// <summary>How it is reached, printable: <c>ssh lab@10.0.0.31:22</c>, <c>local</c>.</summary>
    string Description { get; }

    /// <summary>
    /// How this target tells the time where it is not by its own real-time clock; null lets <see cref="TargetClock"/> find the best
    /// helper. Only a virtual target has one.
    /// </summary>
    ClockHelper? ClockHelper { get; }

    /// <summary>
    /// Runs a program to its end: <paramref name="command"/> is program and arguments, quoted here and nowhere else; no value becomes
    /// part of a shell string unquoted. A non-zero exit is a result, not an exception.
    /// </summary>
    Task<CommandResult> RunAsync(IReadOnlyList<string> command, CommandOptions options, CancellationToken cancellationToken);

    /// <summary>Starts a program and leaves a two-way line channel open to it (clock probes).</summary>
    Task<ITargetChannel> OpenChannelAsync(IReadOnlyList<string> command, CancellationToken cancellationToken);

    /// <summary>Writes a file with these permissions (octal, for instance 0700), atomically.</summary>
    Task UploadAsync(ReadOnlyMemory<byte> content, string path, int mode, CancellationToken cancellationToken);

    /// <summary>Reads a file; null where there is none. Refuses more than <paramref name="maxBytes"/>.</summary>
    Task<byte[]?> FetchAsync(string path, long maxBytes, CancellationToken cancellationToken);
}
