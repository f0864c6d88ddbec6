namespace MeterLab.MeterDrivers;

/// <summary>What happened.</summary>
public enum AcquisitionEventKind
{
    /// <summary>one exchange failed and is tried again</summary>
    Retry,

    /// <summary>an exchange failed for good: its sample is lost</summary>
    Lost,

    /// <summary>the link went away</summary>
    Disconnected,

    /// <summary>the link is back</summary>
    Reconnected,

    /// <summary>a stream was out of step and found its frame again</summary>
    Resynchronised,
}

/// <summary>An event on a meter's wire.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="MonotonicNs">When, on the lab's line, ns.</param>
/// <param name="Detail">In words: what and why.</param>
public sealed record AcquisitionEvent(AcquisitionEventKind Kind, long MonotonicNs, string Detail);
