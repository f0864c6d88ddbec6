using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;

namespace MeterLab.MeterDrivers;

/// <summary>One value of one channel as <c>meter read</c> shows it.</summary>
/// <param name="Channel">total, l1, outlet-3, ch1 …</param>
/// <param name="Quantity">What it measures.</param>
/// <param name="Value">In the quantity's SI unit; null where the meter has no value (see the flags).</param>
/// <param name="StandardUncertainty">k = 1, from the model's accuracy; null where that is not known.</param>
/// <param name="Flags">What is peculiar about it.</param>
public sealed record MeterReading(string Channel, Quantity Quantity, double? Value, double? StandardUncertainty, SampleFlags Flags);
