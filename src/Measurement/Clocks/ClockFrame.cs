namespace MeterLab.Measurement.Clocks;

/// <summary>Offsets of nanoseconds since 1970 do not fit a double: times (s) and offsets (ns) of a piece are relative to one of its readings.</summary>
internal sealed class ClockFrame(SyncObservation origin)
{
    // A clock further off than this is no clock that is left to run or slewed by a time service; it bounds the polygon.
    private const double MaxRateNsPerSecond = 2e6;

    // The stamps' own granularity and the crystal's wander between probes: brackets are widened by this.
    private const double SlackNs = 5_000;

    /// <summary>Where time is 0, ns on the lab's line.</summary>
    public long ReferenceNs { get; } = origin.MiddleNs;

    /// <summary>What an offset of 0 means: remote minus line, ns.</summary>
    public long BaseOffsetNs { get; } = origin.RemoteNs - origin.MiddleNs;

    /// <summary>A moment of the line, s.</summary>
    public double TimeOf(long ns) => (ns - ReferenceNs) * 1e-9;

    /// <summary>The offset that a reading shows if it was taken in the middle of its bracket, ns. A truncated reading was on average half a resolution further.</summary>
    public double OffsetOf(SyncObservation o) => o.RemoteNs - o.MiddleNs - BaseOffsetNs + o.ResolutionNs / 2.0;

    /// <summary>Every clock that the origin's reading allows.</summary>
    public OffsetPolygon NewPolygon()
    {
        var polygon = new OffsetPolygon(OffsetOf(origin), origin.RoundTripNs + origin.ResolutionNs + 1e6, MaxRateNsPerSecond);
        Cut(polygon, origin);
        return polygon;
    }

    /// <summary>Keeps the clocks that a further reading allows.</summary>
    public void Cut(OffsetPolygon polygon, SyncObservation o)
    {
        // Without any assumption about the link: the clock was read after the request left and before the answer came. A clock that
        // runs at a rate moves within the bracket, which the middle's time leaves open by half a bracket.
        var moved = o.RoundTripNs / 2.0 * 1e-9 * MaxRateNsPerSecond;
        var low = o.RemoteNs - o.AfterNs - BaseOffsetNs - SlackNs - moved;
        var high = o.RemoteNs + o.ResolutionNs - o.BeforeNs - BaseOffsetNs + SlackNs + moved;
        polygon.Cut(TimeOf(o.MiddleNs), low, high);
    }
}
