using System.Net;
using System.Net.Sockets;

namespace MeterLab.TestKit;

/// <summary>
/// A link on loopback that is slow one way: what passes one way waits a random time, in order; the other way it passes at once.
/// </summary>
public sealed class DelayingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _serverPort;
    private readonly TimeSpan _longest;
    private readonly bool _requests;
    private readonly Random _random;
    private readonly List<Task> _links = [];
    private readonly Task _accepting;

    /// <summary>Begins to listen.</summary>
    /// <param name="serverPort">Where the server is, on 127.0.0.1.</param>
    /// <param name="longest">Waits lie between nothing and this, uniformly.</param>
    /// <param name="seed">Of the waits.</param>
    /// <param name="requests">Whether what the client sends waits, instead of what the server answers.</param>
    public DelayingProxy(int serverPort, TimeSpan longest, int seed, bool requests = false)
    {
        _requests = requests;
        _serverPort = serverPort;
        _longest = longest;
        _random = new Random(seed);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_links).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
            _links.Add(LinkAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
    }

    private async Task LinkAsync(TcpClient client)
    {
        using var server = new TcpClient { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            await server.ConnectAsync(IPAddress.Loopback, _serverPort, _stop.Token);
            var there = CopyAsync(client.GetStream(), server.GetStream(), delayed: _requests);
            var back = CopyAsync(server.GetStream(), client.GetStream(), delayed: !_requests);
            await Task.WhenAny(there, back);
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, bool delayed)
    {
        var buffer = new byte[64 * 1024];
        int count;
        while ((count = await from.ReadAsync(buffer, _stop.Token)) > 0)
        {
            if (delayed)
                await Task.Delay(_longest * _random.NextDouble(), _stop.Token);
            await to.WriteAsync(buffer.AsMemory(0, count), _stop.Token);
        }
    }
}
