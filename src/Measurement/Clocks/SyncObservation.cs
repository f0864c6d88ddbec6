namespace MeterLab.Measurement.Clocks;

/// <summary>
/// One remote clock reading between two readings of the lab's line: wherever the remote clock was read, it was after
/// <see cref="BeforeNs"/> and before <see cref="AfterNs"/> (host monotonic). The offset is known to half the round trip
/// with no assumption about the link (Cristian 1989).
/// </summary>
/// <param name="BeforeNs">Host monotonic, ns, just before the request left.</param>
/// <param name="RemoteNs">What the remote clock said, ns of that clock.</param>
/// <param name="AfterNs">Host monotonic, ns, just after the answer arrived.</param>
/// <param name="ResolutionNs">The remote reading's resolution, ns: it was truncated to a multiple of this.</param>
public readonly record struct SyncObservation(long BeforeNs, long RemoteNs, long AfterNs, long ResolutionNs = 1)
{
    /// <summary>The round trip, ns.</summary>
    public long RoundTripNs => AfterNs - BeforeNs;

    /// <summary>The middle of the bracket on the lab's line, ns.</summary>
    public long MiddleNs => BeforeNs + (AfterNs - BeforeNs) / 2;
}
