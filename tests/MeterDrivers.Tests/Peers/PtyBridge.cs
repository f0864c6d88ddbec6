using MeterLab.VirtualRig.Wires;

namespace MeterLab.MeterDrivers.Tests.Peers;

/// <summary>
/// A serial cable in memory: two pseudo terminals whose masters hand each other's bytes over, at once or, with a speed, each when a
/// line of that speed would have brought it.
/// </summary>
internal sealed class PtyBridge : IDisposable
{
    private const int BitsPerCharacter = 10;

    private readonly Pty _near = Pty.Open();
    private readonly Pty _far = Pty.Open();
    private readonly int _baud;
    private readonly Lock _gate = new();
    private readonly List<Transmission> _transmissions = [];

    public PtyBridge(int baud = 0)
    {
        _baud = baud;
        _ = PumpAsync(_near, _far, fromNear: true);
        _ = PumpAsync(_far, _near, fromNear: false);
    }

    /// <summary>What went over the line: direction, when the first bit came and when the last was gone, and which characters.</summary>
    public IReadOnlyList<Transmission> Transmissions
    {
        get
        {
            lock (_gate)
                return [.. _transmissions];
        }
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

    private async Task PumpAsync(Pty from, Pty to, bool fromNear)
    {
        var buffer = new byte[512];
        var free = TimeProvider.System.GetTimestamp();
        while (await from.ReadAsync(buffer, CancellationToken.None) is > 0 and var count)
        {
            var now = TimeProvider.System.GetTimestamp();
            var start = now > free ? now : free;
            if (_baud > 0)
                free = await PaceAsync(to, buffer.AsMemory(0, count), start);
            else
                await to.WriteAsync(buffer.AsMemory(0, count), CancellationToken.None);
            lock (_gate)
                _transmissions.Add(new Transmission(fromNear, start, _baud > 0 ? free : now, buffer[..count]));
        }
    }

    // The bytes whose last bit is over are handed on, a millisecond's worth at a time; returns when the line is free again.
    private async Task<long> PaceAsync(Pty to, ReadOnlyMemory<byte> bytes, long start)
    {
        var character = (double)TimeProvider.System.TimestampFrequency * BitsPerCharacter / _baud;
        for (var sent = 0; sent < bytes.Length;)
        {
            var due = Math.Min(bytes.Length, (int)((TimeProvider.System.GetTimestamp() - start) / character));
            if (due > sent)
                await to.WriteAsync(bytes[sent..due], CancellationToken.None);
            sent = Math.Max(sent, due);
            if (sent < bytes.Length)
                await Task.Delay(1);
        }

        return start + (long)(bytes.Length * character);
    }

    /// <summary>One stretch of characters; times are stamps of the system's time provider.</summary>
    internal sealed record Transmission(bool FromNear, long Start, long End, byte[] Characters);
}
