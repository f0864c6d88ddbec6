using System.Net;
using System.Net.Sockets;

namespace MeterLab.MeterDrivers.Tests.Modbus;

/// <summary>A Modbus server on loopback, of TCP frames or of RTU frames as behind a gateway, whose answers a test writes: chunks to send, or null to hang up.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    /// <summary>In place of a chunk: what follows comes this much later than a client that waits a second gives up.</summary>
    public static readonly byte[] Late = [];

    private static readonly TimeSpan LateBy = TimeSpan.FromMilliseconds(1400);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<byte[], IReadOnlyList<byte[]>?> _answer;
    private readonly bool _rtu;
    private readonly Task _work;
    private int _connections;

    public LoopbackServer(Func<byte[], IReadOnlyList<byte[]>?> answer, bool rtu = false)
    {
        _rtu = rtu;
        _answer = answer;
        _listener.Start();
        _work = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections => _connections;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _work;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var clients = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                clients.Add(ServeAsync(client));
            }
        }
        // Between two clients the listener may have been stopped already.
        catch (Exception e) when (e is OperationCanceledException or SocketException || (e is InvalidOperationException && _stop.IsCancellationRequested))
        {
            await Task.WhenAll(clients);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        client.NoDelay = true;
        var stream = client.GetStream();
        // Every RTU request that the tests make is eight bytes long.
        var header = new byte[_rtu ? 8 : 6];
        try
        {
            while (true)
            {
                await stream.ReadExactlyAsync(header, _stop.Token);
                var body = new byte[_rtu ? 0 : (header[4] << 8) | header[5]];
                await stream.ReadExactlyAsync(body, _stop.Token);
                if (_answer([.. header, .. body]) is not { } chunks)
                    return;
                foreach (var chunk in chunks)
                {
                    if (ReferenceEquals(chunk, Late))
                        await Task.Delay(LateBy, _stop.Token);
                    else
                        await stream.WriteAsync(chunk, _stop.Token);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The test is over, or the client went.
        }
    }
}
