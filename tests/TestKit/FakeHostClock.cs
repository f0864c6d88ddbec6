using MeterLab.Measurement.Clocks;

namespace MeterLab.TestKit;

/// <summary>A lab host's clocks that move only when a test moves them.</summary>
public sealed class FakeHostClock : IHostClock
{
    private long _monotonicNs = 1_000_000_000_000;

    /// <summary>UTC minus monotonic, ns; a test steps it to play a time service that steps.</summary>
    public long UtcOffsetNs { get; set; } = 1_700_000_000_000_000_000;

    /// <inheritdoc/>
    public long MonotonicNs => Interlocked.Read(ref _monotonicNs);

    /// <inheritdoc/>
    public HostAnchor Anchor()
    {
        var now = MonotonicNs;
        return new HostAnchor(now, now, now + UtcOffsetNs, now);
    }

    /// <summary>Moves the clock forward.</summary>
    public void Advance(TimeSpan time) => Interlocked.Add(ref _monotonicNs, time.Ticks * 100);
}
