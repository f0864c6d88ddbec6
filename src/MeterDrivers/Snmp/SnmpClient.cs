using System.Net.Sockets;
using System.Runtime.CompilerServices;

using MeterLab.Measurement.Clocks;
using MeterLab.MeterDrivers.Links;

namespace MeterLab.MeterDrivers.Snmp;

/// <summary>
/// Asks one agent over UDP: one question at a time, each with a deadline and stamps around it. Answers that come late and datagrams that
/// are none are dropped and counted. Never retries. After opening it allocates nothing for an exchange.
/// </summary>
internal sealed class SnmpClient : IAsyncDisposable
{
    // The longest datagram that UDP can bring: none is cut off unseen.
    private const int LongestDatagram = 65_535;

    private readonly string _host;
    private readonly int _port;
    private readonly IHostClock _clock;
    private readonly Deadline _deadline;
    private readonly byte[] _buffer = new byte[LongestDatagram];
    private Socket? _socket;
    private int _number;

    /// <summary>Takes the agent's place; nothing is sent yet.</summary>
    public SnmpClient(string host, int port, IHostClock clock, TimeProvider time)
    {
        (_host, _port, _clock) = (host, port, clock);
        _deadline = new Deadline(time);
        // Numbers of an earlier process must not come again: its answers may still be under way.
        _number = Random.Shared.Next();
        Name = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]:{port}" : $"{host}:{port}";
    }

    /// <summary>For messages: <c>10.0.0.20:161</c>.</summary>
    public string Name { get; }

    /// <summary>Datagrams dropped: late answers, and what was no answer at all.</summary>
    public long Dropped { get; private set; }

    /// <summary>Makes a new socket, so that answers to the old one go nowhere. Throws <see cref="LinkException"/> for a host that is not there.</summary>
    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        _socket?.Dispose();
        _socket = null;
        var socket = new Socket(SocketType.Dgram, ProtocolType.Udp);
        try
        {
            await socket.ConnectAsync(_host, _port, cancellationToken).ConfigureAwait(false);
            _socket = socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new LinkException(LinkFailure.Unreachable, $"{Name}: the host cannot be found: {e.Message}. Check the spelling, or write its address.", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Sends the request and fills <paramref name="values"/>. True, or false where the agent refused (the request tells why). Throws <see cref="LinkException"/>.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<(bool Accepted, long BeforeNs, long AfterNs)> GetAsync(
        SnmpRequest request, Memory<SnmpValue> values, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var socket = _socket ?? throw new LinkException(LinkFailure.Closed, $"{Name}: the socket is closed.");
        var token = _deadline.Start(timeout, cancellationToken);
        var damaged = false;
        try
        {
            var message = request.Next(++_number);
            var before = _clock.MonotonicNs;
            await socket.SendAsync(message, SocketFlags.None, token).ConfigureAwait(false);
            while (true)
            {
                var length = await socket.ReceiveAsync(_buffer.AsMemory(), SocketFlags.None, token).ConfigureAwait(false);
                var after = _clock.MonotonicNs;
                var verdict = request.Decode(_buffer.AsSpan(0, length), values.Span);
                if (verdict is SnmpVerdict.Reply or SnmpVerdict.Refused)
                    return (verdict == SnmpVerdict.Reply, before, after);
                damaged |= verdict == SnmpVerdict.Corrupt;
                Dropped++;
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw damaged
                ? new LinkException(LinkFailure.Corrupt, $"{Name}: what came back is no answer of SNMP to this question. Does another service listen on this port?", e)
                : new LinkException(
                    LinkFailure.TimedOut,
                    $"{Name}: no answer within {timeout.TotalSeconds:0.###} s. Is SNMP switched on in the device, and are community and version right? (A wrong community is met with silence.)", e);
        }
        catch (SocketException e)
        {
            throw new LinkException(
                LinkFailure.Unreachable, $"{Name}: {(e.SocketErrorCode == SocketError.ConnectionRefused ? "nothing listens on this port. Is SNMP switched on in the device?" : e.Message)}", e);
        }
        catch (ObjectDisposedException e)
        {
            throw new LinkException(LinkFailure.Closed, $"{Name}: the socket was closed.", e);
        }
        finally
        {
            _deadline.Stop();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _socket?.Dispose();
        _deadline.Dispose();
        return ValueTask.CompletedTask;
    }
}
