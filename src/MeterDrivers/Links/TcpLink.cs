using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

using Microsoft.Win32.SafeHandles;

namespace MeterLab.MeterDrivers.Links;

/// <summary>A TCP connection to a meter or a gateway.</summary>
internal sealed class TcpLink : IByteLink
{
    // From linux/tcp.h.
    private const int TcpLevel = 6;
    private const int QuickAck = 12;

    // The shortest wait that the system knows; what a device beside the lab needs for an answer is a tenth of it.
    private const int SoonMicroseconds = 1000;

    // A device beside the lab answers within so much; to sleep and to be woken costs a good part of it.
    private static readonly long SpinTicks = TimeProvider.System.TimestampFrequency / 40_000;

    private readonly Socket _socket;

    // On Linux, the socket's descriptor: an event of the socket's own engine would go through two threads for every answer, also where
    // nobody waits for it.
    private readonly SerialDescriptor? _line;
    private int _readsSinceWrite;
    private readonly ShortWait _spin = new();
    private readonly ShortWait _poll = new();

    private TcpLink(Socket socket, SerialDescriptor? line, string name)
    {
        _socket = socket;
        _line = line;
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
        using var deadline = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            if (OperatingSystem.IsLinux())
                return await OpenDescriptorAsync(host, port, name, either.Token).ConfigureAwait(false);
            return await OpenSocketAsync(host, port, name, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LinkException(
                LinkFailure.TimedOut,
                $"{name}: no connection within {timeout.TotalSeconds:0.###} s. Is the device on, the address right, and no firewall between?", e);
        }
        catch (SocketException e)
        {
            throw new LinkException(LinkFailure.Unreachable, $"{name}: {Reason(e)}", e);
        }
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        _readsSinceWrite = 0;
        return _line is null ? SendAsync(bytes, cancellationToken) : WriteLineAsync(_line, bytes, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_line is null)
            return ReceiveAsync(buffer, cancellationToken);
        try
        {
            var isFirst = _readsSinceWrite++ == 0;
            if (!isFirst)
                AcknowledgeNow();
            if (cancellationToken.IsCancellationRequested)
                return ValueTask.FromCanceled<int>(cancellationToken);
            // Behind the first bytes of an answer the others come in lots, which are worth sleeping for.
            if (isFirst && _spin.IsWorthwhile() && SpinFor(_line, buffer.Span, out var count))
                return ValueTask.FromResult(Counted(count));
            if (_poll.IsWorthwhile())
                _poll.Ended(_socket.Poll(SoonMicroseconds, SelectMode.SelectRead));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw Closed(e);
        }

        return ReadLineAsync(_line, buffer, cancellationToken);
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
        _line?.Dispose();
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async ValueTask<IByteLink> OpenSocketAsync(string host, int port, string name, CancellationToken token)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, token).ConfigureAwait(false);
            return new TcpLink(socket, null, name);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // Each of the host's addresses in turn; the last one's failure tells.
    private static async ValueTask<IByteLink> OpenDescriptorAsync(string host, int port, string name, CancellationToken token)
    {
        var addresses = await Dns.GetHostAddressesAsync(host, token).ConfigureAwait(false);
        for (var i = 0; i < addresses.Length; i++)
        {
            try
            {
                return await OpenDescriptorAsync(new IPEndPoint(addresses[i], port), name, token).ConfigureAwait(false);
            }
            catch (SocketException) when (i + 1 < addresses.Length)
            {
                // The next address may answer.
            }
        }

        throw new SocketException((int)SocketError.HostNotFound);
    }

    private static async ValueTask<IByteLink> OpenDescriptorAsync(IPEndPoint place, string name, CancellationToken token)
    {
        // Small requests must leave at once; waiting to fill a packet would move the sample's time.
        var socket = new Socket(place.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, Blocking = false };
        SerialDescriptor? line = null;
        try
        {
            try
            {
                socket.Connect(place);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                // On its way.
            }

            line = new SerialDescriptor(new SafeFileHandle(socket.Handle, ownsHandle: false));
            await line.WaitWritableAsync(token).ConfigureAwait(false);
            // The option speaks the system's own numbers, which the runtime translates.
            if (socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error) is int error and not 0)
                throw new SocketException(error);
            return new TcpLink(socket, line, name);
        }
        catch
        {
            line?.Dispose();
            socket.Dispose();
            throw;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReadLineAsync(SerialDescriptor line, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var count = await line.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        return count > 0 ? count : throw Closed(null);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WriteLineAsync(SerialDescriptor line, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (!await line.WriteAsync(bytes, cancellationToken).ConfigureAwait(false))
            throw Closed(null);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
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

    // A device on the lab's network answers sooner than one thread can wake another; waiting for it right here makes the bracket of the
    // sample shorter.
    private bool SpinFor(SerialDescriptor line, Span<byte> buffer, out int count)
    {
        var until = TimeProvider.System.GetTimestamp() + SpinTicks;
        bool found;
        while (!(found = line.TryReadNow(buffer, out count)) && TimeProvider.System.GetTimestamp() < until)
            Thread.SpinWait(4);
        _spin.Ended(found);
        return found;
    }

    // A device that collects small answers (RFC 896) holds back each until the one before it is acknowledged, which Linux puts off by 40 ms.
    private void AcknowledgeNow()
    {
        var on = 1;
        _socket.SetRawSocketOption(TcpLevel, QuickAck, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in on)));
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
