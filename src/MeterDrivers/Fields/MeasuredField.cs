using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;

namespace MeterLab.MeterDrivers.Fields;

/// <summary>One value that an opened meter really has.</summary>
/// <param name="Channel">total, l1, outlet-3 …</param>
/// <param name="Quantity">What it measures.</param>
/// <param name="Scale">How a code becomes a value.</param>
/// <param name="Index">Its place in the device's own list.</param>
/// <param name="Wrap">For a counter: where it starts again at zero, J; null where nobody knows.</param>
internal sealed record MeasuredField(string Channel, Quantity Quantity, RawScale Scale, int Index, double? Wrap = null);
