using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Measurement.Samples;

/// <summary>
/// What a recorded trace is: everything that turns its codes into values, times and uncertainties, without the meter at hand.
/// Stored with the trace as JSON.
/// </summary>
public sealed record TraceDescription
{
    /// <summary>Which channel of which meter.</summary>
    public required ChannelId Channel { get; init; }

    /// <summary>What the values measure; fixes their unit.</summary>
    public required Quantity Quantity { get; init; }

    /// <summary>How a code becomes a value.</summary>
    public required RawScale Scale { get; init; }

    /// <summary>Whether samples carry the meter's own time stamps.</summary>
    public bool HasDeviceClock { get; init; }

    /// <summary>Seconds between polls; 0 for a meter that gives each of its values once, at its own rate: a stream, or a chip that tells when a value is new.</summary>
    public double IntervalSeconds { get; init; }

    /// <summary>How the meter averages, updates and delays.</summary>
    public required MeterResponse Response { get; init; }

    /// <summary>The limits of error of this quantity on this meter; null where nobody knows them.</summary>
    public AccuracyLimit? Accuracy { get; init; }

    /// <summary>The smallest step of the value, in its unit; 0 where the value is continuous for practical purposes.</summary>
    public double Resolution { get; init; }

    /// <summary>For energy registers: the value at which the register starts again at zero, in J; null where it is not known.</summary>
    public double? Wrap { get; init; }
}
