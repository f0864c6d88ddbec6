namespace MeterLab.Measurement.Clocks;

/// <summary>
/// The lab host's clocks. One implementation reads the system, one in the test kit is moved by hand; nothing else in
/// MeterLab asks what time it is.
/// </summary>
public interface IHostClock
{
    /// <summary>CLOCK_MONOTONIC, ns: the lab's time line. Costs no allocation.</summary>
    long MonotonicNs { get; }

    /// <summary>Reads all three clocks close together, bracketed by the monotonic one.</summary>
    HostAnchor Anchor();
}
