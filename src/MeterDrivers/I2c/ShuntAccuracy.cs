using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;

namespace MeterLab.MeterDrivers.I2c;

/// <summary>A limit of error at 25 degC and how it grows with temperature.</summary>
/// <param name="Offset">V.</param>
/// <param name="Gain">Ratio.</param>
/// <param name="OffsetDrift">V/K.</param>
/// <param name="GainDrift">1/K.</param>
internal sealed record LimitOfError(double Offset, double Gain, double OffsetDrift = 0, double GainDrift = 0)
{
    /// <summary>The offset this far from 25 degC, V.</summary>
    internal double OffsetWithin(double kelvin) => Offset + OffsetDrift * kelvin;

    /// <summary>The gain this far from 25 degC.</summary>
    internal double GainWithin(double kelvin) => Gain + GainDrift * kelvin;
}

/// <summary>
/// A shunt monitor's limits of error as its data sheet states them, and what they make of current and power behind a given shunt. Limits
/// are added, not squared: each part is a guarantee, and so is their sum. What no source states is null, and everything that would need
/// it has no limit: unknown, not zero.
/// </summary>
/// <param name="Shunt">Of the shunt voltage.</param>
/// <param name="Bus">Of the bus voltage.</param>
/// <param name="TimeBase">Limit of the oscillator that accumulates energy, ratio.</param>
internal sealed record ShuntAccuracy(LimitOfError? Shunt = null, LimitOfError? Bus = null, double? TimeBase = null)
{
    /// <summary>
    /// The limits of every quantity behind a shunt, on a rail of <paramref name="busVoltage"/> volts: the shunt's offset becomes an
    /// offset of power, the bus voltage's one a gain. <paramref name="powerCut"/> is what the chip cuts off when it multiplies, W.
    /// </summary>
    internal IReadOnlyDictionary<Quantity, AccuracyLimit> Limits(ShuntSettings settings, double busVoltage, double powerCut, bool compensated = false)
    {
        var span = settings.TemperatureSpan;
        var limits = new Dictionary<Quantity, AccuracyLimit>();
        if (Bus is not null)
            limits[Quantity.Voltage] = Limit(Bus.GainWithin(span), Bus.OffsetWithin(span));
        if (Shunt is null)
            return limits;
        var currentGain = Shunt.GainWithin(span) + settings.ShuntTolerance + (compensated ? 0 : settings.ShuntTempco * span);
        var currentOffset = Shunt.OffsetWithin(span) / settings.Shunt.Value;
        limits[Quantity.ShuntVoltage] = Limit(Shunt.GainWithin(span), Shunt.OffsetWithin(span));
        limits[Quantity.Current] = Limit(currentGain, currentOffset);
        if (TimeBase is { } clock)
            limits[Quantity.Charge] = Limit(currentGain + clock, 0);
        if (Bus is null)
            return limits;
        var powerGain = currentGain + Bus.GainWithin(span) + Bus.OffsetWithin(span) / busVoltage;
        limits[Quantity.ActivePower] = Limit(powerGain, currentOffset * busVoltage + powerCut);
        // An offset of power grows with time in a counter and has no place in a limit in joules: README, quirks.
        if (TimeBase is { } timeBase)
            limits[Quantity.EnergyImport] = Limit(powerGain + timeBase, 0);
        return limits;
    }

    /// <summary>The limits that hold behind any shunt, for a list of models.</summary>
    internal IReadOnlyDictionary<Quantity, AccuracyLimit> WithoutShunt()
    {
        var limits = new Dictionary<Quantity, AccuracyLimit>();
        if (Bus is not null)
            limits[Quantity.Voltage] = Limit(Bus.Gain, Bus.Offset);
        if (Shunt is null)
            return limits;
        limits[Quantity.ShuntVoltage] = Limit(Shunt.Gain, Shunt.Offset);
        limits[Quantity.Current] = Limit(Shunt.Gain, 0);
        if (Bus is not null)
            limits[Quantity.ActivePower] = Limit(Shunt.Gain + Bus.Gain, 0);
        return limits;
    }

    private static AccuracyLimit Limit(double gain, double absolute) => new() { ReadingPercent = gain * 100, Absolute = absolute };
}
