using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

using MeterLab.VirtualRig.Faults;

namespace MeterLab.VirtualRig.Wires;

/// <summary>
/// A Modbus TCP device or gateway on loopback, on a port that the system chose. Serves any number of connections until disposed.
/// </summary>
internal sealed class ModbusTcpServer : IAsyncDisposable
{
    private const int HeaderLength = 7;
    private const int LongestPdu = 253;
    private readonly ModbusSlave _slave;
    private readonly FaultGate _gate;
    private readonly TimeProvider _time;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = [];
    private readonly Task _accepting;

    /// <summary>Starts to listen.</summary>
    public ModbusTcpServer(ModbusSlave slave, FaultGate gate, TimeProvider time)
    {
        _slave = slave;
        _gate = gate;
        _time = time;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(_stop.Token);
    }

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Closes all connections and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _listener.Stop();
        await _accepting.ConfigureAwait(false);
        await Task.WhenAll(_connections.Keys).ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task AcceptAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            TcpClient client;
            try
            {
                client = await _listener.AcceptTcpClientAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                if (cancellationToken.IsCancellationRequested)
                    return;
                // A client that gave up while it was being accepted.
                continue;
            }

            if (_gate.IsCut())
            {
                client.Dispose();
                continue;
            }

            var connection = ServeAsync(client, cancellationToken);
            _connections[connection] = true;
            _ = connection.ContinueWith(done => _connections.TryRemove(done, out _), TaskScheduler.Default);
        }
    }

    private async Task ServeAsync(TcpClient client, CancellationToken cancellationToken)
    {
        using (client)
        {
            client.NoDelay = true;
            var stream = client.GetStream();
            var request = new byte[HeaderLength + LongestPdu];
            var reply = new byte[HeaderLength + LongestPdu];
            try
            {
                while (await ReadRequestAsync(stream, request, cancellationToken).ConfigureAwait(false) is > 0 and var length)
                {
                    var fault = _gate.Next();
                    if (fault is { Kind: FaultKind.Cut })
                        return;
                    if (fault is { Kind: FaultKind.Silence })
                        continue;
                    var answer = Answer(request.AsSpan(0, length), reply, fault);
                    if (fault is { Kind: FaultKind.Delay })
                        await Task.Delay(fault.Late, _time, cancellationToken).ConfigureAwait(false);
                    answer = FaultGate.Damage(fault, reply.AsSpan(0, answer), checksum: 0);
                    await stream.WriteAsync(reply.AsMemory(0, answer), cancellationToken).ConfigureAwait(false);
                }
            }
            catch (Exception end) when (end is IOException or OperationCanceledException)
            {
                // The client went away, or the rig is being taken down: both are ordinary ends of a connection.
            }
        }
    }

    /// <summary>Reads one frame whole; its length, or 0 at the end of the connection or of sense.</summary>
    private static async ValueTask<int> ReadRequestAsync(NetworkStream stream, byte[] request, CancellationToken cancellationToken)
    {
        var got = await stream.ReadAtLeastAsync(request.AsMemory(0, HeaderLength), HeaderLength, throwOnEndOfStream: false, cancellationToken)
            .ConfigureAwait(false);
        if (got < HeaderLength)
            return 0;
        int protocol = BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(2));
        var pdu = BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(4)) - 1;
        if (protocol != 0 || pdu is < 1 or > LongestPdu)
            return 0;
        await stream.ReadExactlyAsync(request.AsMemory(HeaderLength, pdu), cancellationToken).ConfigureAwait(false);
        return HeaderLength + pdu;
    }

    private int Answer(ReadOnlySpan<byte> request, Span<byte> reply, Fault? fault)
    {
        var body = reply[HeaderLength..];
        var length = _slave.Find(request[6]) is { } unit
            ? ModbusSlave.Answer(unit, request[HeaderLength..], body, fault)
            : ModbusSlave.Refuse(request[HeaderLength], ModbusSlave.NoSuchUnit, body);
        request[..HeaderLength].CopyTo(reply);
        BinaryPrimitives.WriteUInt16BigEndian(reply[4..], (ushort)(length + 1));
        return HeaderLength + length;
    }
}
