namespace MeterLab.MeterDrivers.Links;

/// <summary>
/// A wire that carries bytes both ways: a TCP connection, a serial line, a pseudo terminal. One owner at a time; calls do not
/// overlap. Deadlines are the caller's: it cancels the token, and a cancelled call loses no byte that it did not hand over.
/// Failures are <see cref="LinkException"/>; after <see cref="LinkFailure.Closed"/> the link is dead and only disposal is allowed.
/// </summary>
public interface IByteLink : IAsyncDisposable
{
    /// <summary>Where it leads, for messages: <c>10.0.0.20:502</c>, <c>/dev/ttyUSB0</c>.</summary>
    string Name { get; }

    /// <summary>Sends all the bytes. Returns when the system has taken them.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>
    /// Waits for bytes and returns how many were put at the start of <paramref name="buffer"/>: at least one, as soon as there are any.
    /// The end of the stream is a <see cref="LinkException"/> with <see cref="LinkFailure.Closed"/>.
    /// </summary>
    ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Throws away what has arrived and was not read, without waiting for more.</summary>
    void DiscardInput();
}
