namespace MeterLab.Measurement.Clocks;

/// <summary>
/// The lab host's clocks read together. UTC and the raw crystal are tied to the time line by anchors such as this one,
/// taken at least every ten seconds of a campaign; a step of UTC between two anchors moves no sample.
/// </summary>
/// <param name="MonotonicBeforeNs">CLOCK_MONOTONIC just before, ns.</param>
/// <param name="RawNs">CLOCK_MONOTONIC_RAW, ns.</param>
/// <param name="UtcNs">CLOCK_REALTIME, ns since 1970-01-01T00:00:00Z.</param>
/// <param name="MonotonicAfterNs">CLOCK_MONOTONIC just after, ns.</param>
public readonly record struct HostAnchor(long MonotonicBeforeNs, long RawNs, long UtcNs, long MonotonicAfterNs)
{
    /// <summary>The middle of the bracket, ns on the lab's line.</summary>
    public long MonotonicNs => MonotonicBeforeNs + (MonotonicAfterNs - MonotonicBeforeNs) / 2;
}
