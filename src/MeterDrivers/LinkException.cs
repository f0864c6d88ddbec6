using MeterLab.Measurement;

namespace MeterLab.MeterDrivers;

/// <summary>Why a wire failed.</summary>
public enum LinkFailure
{
    /// <summary>nothing answered before the deadline</summary>
    TimedOut,

    /// <summary>no such host, no route, connection refused, no such device file</summary>
    Unreachable,

    /// <summary>another program holds the port</summary>
    Busy,

    /// <summary>the link was there and went away</summary>
    Closed,

    /// <summary>this user may not open it</summary>
    Denied,

    /// <summary>what arrived is damaged: checksum, length, framing</summary>
    Corrupt,
}

/// <summary>The wire to a meter failed. Retrying may help.</summary>
public sealed class LinkException(LinkFailure failure, string message, Exception? inner = null) : MeterLabException(message, inner)
{
    /// <summary>Why.</summary>
    public LinkFailure Failure { get; } = failure;
}
