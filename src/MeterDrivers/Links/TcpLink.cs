using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MeterLab.MeterDrivers.Links;

/// <summary>A TCP connection to a meter or a gateway.</summary>
internal sealed class TcpLink : IByteLink
{
    // From linux/tcp.h.
    private const int TcpLevel = 6;
    private const int QuickAck = 12;

    // The shortest wait that the system knows; what a device beside the lab needs for an answer is a tenth of it.
    private const int SoonMicroseconds = 1000;
    private const int MostSkipped = 1024;

    private readonly Socket _socket;
    private int _readsSinceWrite;
    private int _skipped;
    private int _toSkip;

    private TcpLink(Socket socket, string name)
    {
        _socket = socket;
        Name = name;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>
    /// Connects within the time allowed. Throws <see cref="LinkException"/>: <see cref="LinkFailure.Unreachable"/> for a host that is
    /// not there or refuses, <see cref="LinkFailure.TimedOut"/> for one that says nothing.
    /// </summary>
    public static async ValueTask<IByteLink> ConnectAsync(
        string host, int port, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        var name = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]:{port}" : $"{host}:{port}";
        // Small requests must leave at once; waiting to fill a packet would move the sample's time.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var deadline = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await socket.ConnectAsync(host, port, either.Token).ConfigureAwait(false);
            return new TcpLink(socket, name);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            throw new LinkException(
                LinkFailure.TimedOut,
                $"{name}: no connection within {timeout.TotalSeconds:0.###} s. Is the device on, the address right, and no firewall between?", e);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new LinkException(LinkFailure.Unreachable, $"{name}: {Reason(e)}", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        _readsSinceWrite = 0;
        try
        {
            while (bytes.Length > 0)
                bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None, cancellationToken).ConfigureAwait(false)..];
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw Closed(e);
        }
    }

    /// <inheritdoc/>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            if (_readsSinceWrite++ > 0)
                AcknowledgeNow();
            if (!cancellationToken.IsCancellationRequested && IsReadySoon())
                return ValueTask.FromResult(Counted(_socket.Receive(buffer.Span)));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw Closed(e);
        }

        return ReceiveAsync(buffer, cancellationToken);
    }

    /// <inheritdoc/>
    public void DiscardInput()
    {
        try
        {
            Span<byte> waste = stackalloc byte[256];
            while (_socket.Available > 0)
                _socket.Receive(waste);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw Closed(e);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return Counted(await _socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw Closed(e);
        }
    }

    // A device on the lab's network answers sooner than two threads can hand a socket's event over; waiting for it right here makes
    // the bracket of the sample shorter. One that does not is left alone more and more often, and no thread waits for it.
    private bool IsReadySoon()
    {
        if (_skipped < _toSkip)
        {
            _skipped++;
            return false;
        }

        _skipped = 0;
        if (_socket.Poll(SoonMicroseconds, SelectMode.SelectRead))
        {
            _toSkip = 0;
            return true;
        }

        _toSkip = Math.Min(2 * _toSkip + 1, MostSkipped);
        return false;
    }

    // A device that collects small answers (RFC 896) holds back each until the one before it is acknowledged, which Linux puts off by 40 ms.
    private void AcknowledgeNow()
    {
        if (OperatingSystem.IsLinux())
        {
            var on = 1;
            _socket.SetRawSocketOption(TcpLevel, QuickAck, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in on)));
        }
    }

    private int Counted(int count) => count > 0 ? count : throw Closed(null);

    private LinkException Closed(Exception? inner) => new(
        LinkFailure.Closed,
        $"{Name}: the other side closed the connection{(inner is SocketException e ? $" ({e.SocketErrorCode})" : "")}. Many devices serve one client at a time: is another program connected?",
        inner);

    private static string Reason(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "there is no host of this name. Check the spelling, or write its address.",
        SocketError.ConnectionRefused => "the host is there but refuses the connection. Is the port right, and the protocol switched on in the device?",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown => "no way leads to the host. Is it on, and in this network?",
        SocketError.TimedOut => "the host does not answer. Is it on, and the address right?",
        _ => $"no connection: {e.Message}.",
    };
}
