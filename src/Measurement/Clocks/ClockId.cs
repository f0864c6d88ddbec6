namespace MeterLab.Measurement.Clocks;

/// <summary>
/// The name of one physical clock. Readings of different clocks never mix; only a <see cref="ClockMap"/> leads from one to another.
/// The default value names no clock.
/// </summary>
public readonly record struct ClockId(string Name)
{
    /// <summary>CLOCK_MONOTONIC of the lab host: the lab's time line, on which samples are stamped.</summary>
    public static ClockId HostMonotonic { get; } = new("host:monotonic");

    /// <summary>CLOCK_MONOTONIC_RAW of the lab host: the crystal, untouched by a time service's slewing.</summary>
    public static ClockId HostRaw { get; } = new("host:raw");

    /// <summary>The lab host's UTC, nanoseconds since 1970.</summary>
    public static ClockId HostUtc { get; } = new("host:utc");

    /// <summary>The real-time clock of a target, nanoseconds since 1970 as that machine believes.</summary>
    public static ClockId Target(string name) => new("target:" + name);

    /// <summary>The tick counter of a meter that stamps its own samples.</summary>
    public static ClockId Meter(string name) => new("meter:" + name);

    /// <inheritdoc/>
    public override string ToString() => Name ?? "none";
}
