using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;

namespace MeterLab.MeterDrivers.I2c;

/// <summary>
/// A shunt monitor's limits of error at 25 degC as its data sheet states them, and what they make of current and power behind a
/// given shunt. Limits are added, not squared: each part is a guarantee, and so is their sum.
/// </summary>
/// <param name="ShuntOffset">Limit of the shunt voltage's offset, V.</param>
/// <param name="ShuntGain">Limit of the shunt voltage's gain, ratio.</param>
/// <param name="BusOffset">Limit of the bus voltage's offset, V.</param>
/// <param name="BusGain">Limit of the bus voltage's gain, ratio.</param>
/// <param name="TimeBase">Limit of the oscillator that accumulates energy, ratio.</param>
internal sealed record ShuntAccuracy(double ShuntOffset, double ShuntGain, double BusOffset, double BusGain, double TimeBase)
{
    /// <summary>
    /// The limits of every quantity behind a shunt, on a rail of <paramref name="busVoltage"/> volts: the shunt's offset becomes an
    /// offset of power, the bus voltage's one a gain. <paramref name="powerStep"/> is what the chip cuts off when it multiplies, W.
    /// </summary>
    internal IReadOnlyDictionary<Quantity, AccuracyLimit> Limits(ShuntSettings settings, double busVoltage, double powerStep)
    {
        var currentGain = ShuntGain + settings.ShuntTolerance;
        var currentOffset = ShuntOffset / settings.Shunt.Value;
        var powerGain = currentGain + BusGain + BusOffset / busVoltage;
        return new Dictionary<Quantity, AccuracyLimit>
        {
            [Quantity.ShuntVoltage] = Limit(ShuntGain, ShuntOffset),
            [Quantity.Voltage] = Limit(BusGain, BusOffset),
            [Quantity.Current] = Limit(currentGain, currentOffset),
            [Quantity.ActivePower] = Limit(powerGain, currentOffset * busVoltage + powerStep),
            // An offset of power grows with time in a counter and has no place in a limit in joules: README, quirks.
            [Quantity.EnergyImport] = Limit(powerGain + TimeBase, 0),
            [Quantity.Charge] = Limit(currentGain + TimeBase, 0),
        };
    }

    private static AccuracyLimit Limit(double gain, double absolute) => new() { ReadingPercent = gain * 100, Absolute = absolute };
}
