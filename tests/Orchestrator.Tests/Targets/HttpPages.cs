using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MeterLab.Orchestrator.Tests.Targets;

/// <summary>Pages on loopback; what is not among them is a 404.</summary>
internal sealed class HttpPages : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentDictionary<string, string> _pages = new();

    public HttpPages()
    {
        Address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}/");
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _ = ServeAsync();
    }

    public string Address { get; }

    public string this[string path]
    {
        set => _pages[path] = value;
    }

    /// <summary>An address at which nothing listens.</summary>
    public static string NobodyThere() => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}/metrics");

    public void Dispose() => _listener.Close();

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                if (_pages.TryGetValue(context.Request.Url!.AbsolutePath, out var page))
                    await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(page));
                else
                    context.Response.StatusCode = 404;
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
