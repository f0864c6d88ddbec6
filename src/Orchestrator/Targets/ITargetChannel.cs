namespace MeterLab.Orchestrator.Targets;

/// <summary>A two-way line channel to a program on a target. One exchange at a time.</summary>
public interface ITargetChannel : IAsyncDisposable
{
    /// <summary>
    /// Sends one line and waits for one line. Brackets are taken as close to the wire as the
    /// transport allows and returned with the answer. Throws <see cref="TargetException"/> when the deadline passes or the channel closes.
    /// </summary>
    Task<ChannelReply> ExchangeAsync(string line, TimeSpan deadline, CancellationToken cancellationToken);
}

/// <summary>An answer, bracketed on the lab's line (host monotonic, ns).</summary>
public readonly record struct ChannelReply(string Line, long BeforeNs, long AfterNs);
