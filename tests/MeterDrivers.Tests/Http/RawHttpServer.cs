using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MeterLab.MeterDrivers.Tests.Http;

/// <summary>A server on loopback that sends what a test writes, byte for byte; null hangs up without a word.</summary>
internal sealed class RawHttpServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<string, int, Task<byte[]?>> _answer;
    private readonly Task _work;
    private int _questions;

    public RawHttpServer(Func<string, int, Task<byte[]?>> answer)
    {
        _answer = answer;
        _listener.Start();
        _work = AcceptAsync();
    }

    public RawHttpServer(Func<string, int, string?> answer)
        : this((head, count) => Task.FromResult(answer(head, count) is { } text ? Encoding.ASCII.GetBytes(text) : null))
    {
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public List<string> Heads { get; } = [];

    public static string Ok(string json) => $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n{json}";

    /// <summary>Hangs up on everybody and listens no more.</summary>
    public void Close()
    {
        _stop.Cancel();
        _listener.Stop();
    }

    public async ValueTask DisposeAsync()
    {
        Close();
        await _work;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var clients = new List<Task>();
        try
        {
            while (true)
                clients.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(clients);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        try
        {
            while (true)
            {
                var head = new StringBuilder();
                while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } line)
                    head.Append(line).Append('\n');
                if (head.Length == 0)
                    return;
                lock (Heads)
                    Heads.Add(head.ToString());
                if (await _answer(head.ToString(), _questions++) is not { } bytes)
                    return;
                await client.GetStream().WriteAsync(bytes, _stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The test is over, or the client went.
        }
    }
}
