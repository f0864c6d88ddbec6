using MeterLab.MeterDrivers.I2c;

namespace MeterLab.MeterDrivers.Hwmon;

/// <summary>
/// What is known of a shunt monitor behind the kernel's driver of industrial input and output (Linux drivers/iio/adc/ina2xx-adc.c). A number times the scale
/// beside it is in mV, mW and mA (Documentation/ABI/testing/sysfs-bus-iio).
/// </summary>
internal static class IioFacts
{
    private const string Shunt = "in_voltage0";
    private const string Bus = "in_voltage1";
    private const string Power = "in_power2";
    private const string Current = "in_current3";
    private const string Resistor = "in_shunt_resistor";
    private const double Milli = 1e-3;
    private const int LargestCalibration = 0x7FFF;
    private const int LargestCode = 0x7FFF;

    /// <summary>The one channel of such a monitor. Its shunt voltage tells of a chip that lost its calibration and reads 0 W at any load: this driver, unlike the other, does not notice.</summary>
    internal static HwmonChannel Channel { get; } = new("ch1", Raw(Power), Raw(Current), Raw(Bus), Raw(Shunt));

    /// <summary>Gathers the facts. Throws <see cref="MeterException"/> for a device of another kind, and for another shunt than the address names.</summary>
    internal static HwmonFacts Of(HwmonAttributes attributes, MeterUri uri)
    {
        var name = attributes.NameOf();
        if (KernelChip.Of(name) is not { } chip || new[] { Shunt, Bus, Power, Current }.Any(channel => !attributes.Has(Raw(channel)) || !attributes.Has(Scale(channel))))
            throw new MeterException(MeterFailure.WrongDevice, $"{uri}: {attributes.Folder} ({name}) is no power monitor that MeterLab knows: it reads ina219, ina220, ina226, ina230 and ina231 here.");
        var (ohms, inOhms) = ShuntOf(attributes);
        HwmonFacts.CheckShunt(uri, ohms, asked => FormattableString.Invariant(
            inOhms ? $"echo {asked:0.######} > {attributes.Folder}/{Resistor}" : (FormattableString)$"echo {asked * 1e6:0} > {attributes.Folder}/{Resistor}"));
        var amperes = attributes.Decimal(Scale(Current)) * Milli;
        var watts = attributes.Decimal(Scale(Power)) * Milli;
        var volts = attributes.Decimal(Scale(Bus)) * Milli;
        var seconds = PeriodOf(attributes);
        return new HwmonFacts
        {
            Name = name,
            Chip = ShuntChips.All.First(known => known.Model == name),
            ShuntOhms = ohms,
            Rounding = RoundingOf(chip, amperes, ohms, uri),
            PeriodSeconds = seconds,
            PeriodKnown = true,
            PowerUnit = watts,
            CurrentUnit = amperes,
            VoltageUnit = volts,
            PowerStep = watts,
            CurrentStep = Math.Max(amperes, chip.ShuntStep / ohms),
            VoltageStep = volts,
            LargestCurrent = (long)Math.Min(LargestCode, Math.Floor(FullScaleOf(attributes, chip) * (chip.ShuntStep / ohms) / amperes * (1 - 1e-6))),
            ShuntUnit = attributes.Decimal(Scale(Shunt)) * Milli,
        };
    }

    // Old drivers say whole microohms, newer ones ohms with a point.
    private static (double Ohms, bool InOhms) ShuntOf(HwmonAttributes attributes)
    {
        var inOhms = attributes.Text(Resistor)?.Contains('.', StringComparison.Ordinal) ?? false;
        return (attributes.Decimal(Resistor) * (inOhms ? 1 : 1e-6), inOhms);
    }

    /// <summary>
    /// How far the driver's step of current is off the one that follows from the whole number in the chip's CALIBRATION. Newer drivers keep the number at which
    /// nothing is rounded; old ones want a step of 1 mA and round the number.
    /// </summary>
    private static double RoundingOf(KernelChip chip, double amperes, double ohms, MeterUri uri)
    {
        var exact = chip.ShuntStep * chip.FixedCalibration / (amperes * ohms);
        var written = Math.Round(exact, MidpointRounding.AwayFromZero);
        if (written is < 1 or > LargestCalibration)
        {
            throw new MeterException(
                MeterFailure.WrongSettings, FormattableString.Invariant($"{uri}: the driver's step of {amperes * 1e3:0.######} mA does not go with a shunt of {ohms * 1e3:0.######} mohm: the calibration {exact:0} has no room in the chip."));
        }

        written -= written % chip.CalibrationStep;
        return Math.Abs(exact / written - 1);
    }

    // The time of both conversions, for each that is averaged; an INA219's times hold its averages.
    private static double PeriodOf(HwmonAttributes attributes)
    {
        var average = attributes.Has("in_oversampling_ratio") ? attributes.Number("in_oversampling_ratio") : 1;
        return average * (attributes.Decimal($"{Shunt}_integration_time") + attributes.Decimal($"{Bus}_integration_time"));
    }

    // A gain of 1 before the converter is the narrowest range; drivers that know none keep the widest.
    private static double FullScaleOf(HwmonAttributes attributes, KernelChip chip) =>
        attributes.Has($"{Shunt}_hardwaregain") ? Math.Min(chip.FullScale, chip.FullScale / 8 / attributes.Decimal($"{Shunt}_hardwaregain")) : chip.FullScale;

    private static string Raw(string channel) => channel + "_raw";

    private static string Scale(string channel) => channel + "_scale";
}
