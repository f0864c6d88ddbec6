using Renci.SshNet;

namespace MeterLab.Orchestrator.Targets;

/// <summary>A chain of connections, the last of which leads to the target.</summary>
internal sealed class SshConnection : IDisposable
{
    private readonly List<SshClient> _clients = [];
    private readonly List<ForwardedPortLocal> _ports = [];

    /// <summary>The connection to the target.</summary>
    public SshClient Client => _clients[^1];

    /// <summary>Takes the next connection over.</summary>
    public void Add(SshClient client) => _clients.Add(client);

    /// <summary>Where to dial for a host: itself, or a loopback port that the last connection carries there.</summary>
    public (string Host, int Port) Forward(string host, int port)
    {
        if (_clients.Count == 0)
            return (host, port);
        var forwarded = new ForwardedPortLocal("127.0.0.1", 0, host, (uint)port);
        _clients[^1].AddForwardedPort(forwarded);
        _ports.Add(forwarded);
        forwarded.Start();
        return ("127.0.0.1", (int)forwarded.BoundPort);
    }

    /// <summary>Closes from the far end to the near one. May block while a frozen peer does not answer.</summary>
    public void Dispose()
    {
        for (var i = _clients.Count - 1; i >= 0; i--)
            _clients[i].Dispose();
        foreach (var port in _ports)
            port.Dispose();
    }
}
