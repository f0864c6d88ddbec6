using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;

namespace MeterLab.MeterDrivers;

/// <summary>One value of one channel as <c>meter read</c> shows it.</summary>
/// <param name="Channel">total, l1, outlet-3, ch1 …</param>
/// <param name="Quantity">What it measures.</param>
/// <param name="Value">In the quantity's SI unit; null where the meter has no value (see the flags).</param>
/// <param name="Accuracy">The limits of error of this quantity on this channel; null where nobody knows them.</param>
/// <param name="Flags">What is peculiar about it.</param>
public sealed record MeterReading(string Channel, Quantity Quantity, double? Value, AccuracyLimit? Accuracy, SampleFlags Flags)
{
    /// <summary>The step that the value is rounded to where the limits do not cover it, in the value's unit; otherwise 0.</summary>
    public double Step { get; init; }

    /// <summary>k = 1, from the limits and one step; null where there is no value or no limit.</summary>
    public double? StandardUncertainty => Value is { } value && Accuracy?.StandardUncertainty(value) is { } ofLimits
        ? Math.Sqrt(ofLimits * ofLimits + Step * Step / 12)
        : null;
}
