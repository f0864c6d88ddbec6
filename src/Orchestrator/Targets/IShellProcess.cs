namespace MeterLab.Orchestrator.Targets;

/// <summary>A program just started on a target, however far away: three streams and an exit code.</summary>
internal interface IShellProcess : IAsyncDisposable
{
    /// <summary>Its standard input; closing it is the end of the input.</summary>
    Stream Input { get; }

    /// <summary>Its standard output.</summary>
    Stream Output { get; }

    /// <summary>Its standard error.</summary>
    Stream Error { get; }

    /// <summary>Waits for its end: the exit code, 128 + n where signal n ended it.</summary>
    Task<int> WaitAsync(CancellationToken cancellationToken);
}
