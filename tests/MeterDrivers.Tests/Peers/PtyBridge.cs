using MeterLab.VirtualRig.Wires;

namespace MeterLab.MeterDrivers.Tests.Peers;

/// <summary>A serial cable in memory: two pseudo terminals whose masters hand each other's bytes over.</summary>
internal sealed class PtyBridge : IDisposable
{
    private readonly Pty _near = Pty.Open();
    private readonly Pty _far = Pty.Open();

    public PtyBridge()
    {
        _ = PumpAsync(_near, _far);
        _ = PumpAsync(_far, _near);
    }

    /// <summary>The end for the client.</summary>
    public string Near => _near.SlavePath;

    /// <summary>The end for the server.</summary>
    public string Far => _far.SlavePath;

    public void Dispose()
    {
        _near.Dispose();
        _far.Dispose();
    }

    private static async Task PumpAsync(Pty from, Pty to)
    {
        var buffer = new byte[512];
        while (await from.ReadAsync(buffer, CancellationToken.None) is > 0 and var count)
            await to.WriteAsync(buffer.AsMemory(0, count), CancellationToken.None);
    }
}
