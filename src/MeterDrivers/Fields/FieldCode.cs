using MeterLab.Measurement.Samples;

namespace MeterLab.MeterDrivers.Fields;

/// <summary>A number as a trace's code: the bits of a double, so that nothing of what the device wrote is rounded.</summary>
/// <param name="Code">For a <see cref="Float64Scale"/>.</param>
/// <param name="Flags">What is peculiar about it.</param>
internal readonly record struct FieldCode(long Code, SampleFlags Flags)
{
    /// <summary>The device's word for "no value".</summary>
    public static FieldCode None { get; } = new(BitConverter.DoubleToInt64Bits(double.NaN), SampleFlags.NotAvailable);

    /// <summary>A number; one of <paramref name="notAvailable"/> is none, an infinite one is an overflow.</summary>
    public static FieldCode Of(double number, IReadOnlyList<double> notAvailable)
    {
        for (var i = 0; i < notAvailable.Count; i++)
        {
            if (notAvailable[i] == number)
                return None;
        }

        return double.IsNaN(number) ? None : new(BitConverter.DoubleToInt64Bits(number), double.IsInfinity(number) ? SampleFlags.Overflow : SampleFlags.None);
    }
}
