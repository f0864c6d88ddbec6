using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.MeterDrivers.I2c;

namespace MeterLab.MeterDrivers.Hwmon;

/// <summary>
/// What is known of a monitored device: of a shunt monitor behind the kernel's driver, what the driver makes of its chip; of anything else,
/// nothing but its readings.
/// </summary>
internal sealed record HwmonFacts
{
    private const double PowerUnitOfHwmon = 1e-6;
    private const double CurrentUnitOfHwmon = 1e-3;
    private const double VoltageUnitOfHwmon = 1e-3;
    internal const double TemperatureUnit = 1e-3;
    private const double DefaultPeriodSeconds = 1;

    /// <summary>The name that the driver gives the device.</summary>
    internal required string Name { get; init; }

    /// <summary>The chip behind the driver; null where it is none of the family.</summary>
    internal ShuntChip? Chip { get; init; }

    /// <summary>The shunt that the driver computes with, ohm; null where it does not say.</summary>
    internal double? ShuntOhms { get; init; }

    /// <summary>How far the driver's rounded steps of current may be off, as a ratio; null where its arithmetic is not known.</summary>
    internal double? Rounding { get; init; }

    /// <summary>Time between new values, s.</summary>
    internal required double PeriodSeconds { get; init; }

    /// <summary>Whether that time is known, and the values are means over all of it.</summary>
    internal required bool PeriodKnown { get; init; }

    /// <summary>W, A and V that one in the attributes stands for.</summary>
    internal double PowerUnit { get; init; } = PowerUnitOfHwmon;

    /// <inheritdoc cref="PowerUnit"/>
    internal double CurrentUnit { get; init; } = CurrentUnitOfHwmon;

    /// <inheritdoc cref="PowerUnit"/>
    internal double VoltageUnit { get; init; } = VoltageUnitOfHwmon;

    /// <summary>The smallest step of power, W.</summary>
    internal required double PowerStep { get; init; }

    /// <summary>The smallest step of current, A.</summary>
    internal required double CurrentStep { get; init; }

    /// <summary>The smallest step of voltage, V.</summary>
    internal required double VoltageStep { get; init; }

    /// <summary>V that one in the shunt voltage's attribute stands for, of a driver that does not watch the chip's calibration; null of one that does.</summary>
    internal double? ShuntUnit { get; init; }

    /// <summary>The current attribute's number from which on the chip stands at the end of its scale; null where that is not known.</summary>
    internal long? LargestCurrent { get; init; }

    /// <summary>A shunt monitor hands on a power without a sign.</summary>
    internal bool PowerIsUnsigned => Chip is not null;

    /// <summary>Gathers them. Throws <see cref="MeterException"/> where the driver computes with another shunt than the address names.</summary>
    internal static HwmonFacts Of(HwmonAttributes attributes, MeterUri uri)
    {
        var name = attributes.NameOf();
        double? ohms = attributes.Has("shunt_resistor") ? attributes.Number("shunt_resistor") * 1e-6 : null;
        CheckShunt(uri, ohms, asked => FormattableString.Invariant($"echo {asked * 1e6:0} > {attributes.Folder}/shunt_resistor"));
        double? interval = attributes.Has("update_interval") ? attributes.Number("update_interval") * 1e-3 : null;
        var facts = new HwmonFacts
        {
            Name = name,
            Chip = ShuntChips.All.FirstOrDefault(chip => chip.Model == name),
            ShuntOhms = ohms,
            PeriodSeconds = interval is > 0 ? interval.Value : KernelChip.Of(name)?.DefaultSeconds ?? DefaultPeriodSeconds,
            PeriodKnown = KernelChip.Of(name) is not null || interval is > 0,
            CurrentStep = CurrentUnitOfHwmon,
            PowerStep = PowerUnitOfHwmon,
            VoltageStep = VoltageUnitOfHwmon,
        };
        return KernelChip.Of(name) is { } chip && ohms is { } shunt ? facts.WithFixedCalibration(chip, shunt) : facts;
    }

    /// <summary>The driver keeps one calibration, and takes the step of current that belongs to the shunt as whole microamperes.</summary>
    private HwmonFacts WithFixedCalibration(KernelChip chip, double ohms)
    {
        const double Micro = 1e-6;
        var exact = chip.ShuntStep / ohms;
        var rounded = Math.Round(exact / Micro, MidpointRounding.AwayFromZero) * Micro;
        return this with
        {
            Rounding = Math.Abs(rounded / exact - 1),
            CurrentStep = Math.Max(CurrentUnitOfHwmon, exact),
            PowerStep = chip.PowerRatio * exact,
            VoltageStep = Math.Max(VoltageUnitOfHwmon, chip.BusStep),
            // The attribute is rounded to milliamperes: one below what the end of the scale would show.
            LargestCurrent = (long)Math.Floor(chip.FullScale * rounded / CurrentUnitOfHwmon) - 1,
        };
    }

    /// <summary>The limits of error on a rail of so many volts; empty where the chip's, its shunt, or the driver's arithmetic is not known.</summary>
    internal IReadOnlyDictionary<Quantity, AccuracyLimit> Limits(MeterUri uri, double volts)
    {
        if (Chip is null || ShuntOhms is not { } ohms || Rounding is not { } rounding)
            return new Dictionary<Quantity, AccuracyLimit>();
        var settings = ShuntSettings.Of(uri, ohms, maxAmperes: 0);
        // What the driver rounds acts as if the shunt were another one.
        settings = settings with { ShuntTolerance = settings.ShuntTolerance + rounding };
        return Chip.Accuracy.Limits(settings, settings.BusVoltage?.Value ?? (volts >= 1 ? volts : Chip.BusFullScale), PowerStep / 2);
    }

    /// <summary>The model's facts.</summary>
    internal MeterFacts ToFacts(IReadOnlyDictionary<Quantity, AccuracyLimit> limits) => Generic with
    {
        Model = Name,
        Quantities = [Quantity.ActivePower, Quantity.Voltage, Quantity.Current, Quantity.Temperature],
        Accuracy = limits.Where(limit => limit.Key is Quantity.ActivePower or Quantity.Voltage or Quantity.Current).ToDictionary(),
        Resolution = new Dictionary<Quantity, double>
        {
            [Quantity.ActivePower] = PowerStep,
            [Quantity.Current] = CurrentStep,
            [Quantity.Voltage] = VoltageStep,
            [Quantity.Temperature] = TemperatureUnit,
        },
        Response = new MeterResponse(PeriodSeconds, PeriodSeconds, 0) { AveragingKnown = PeriodKnown },
        FactsMark = Chip?.FactsMark ?? 0,
        Source = Chip is null ? Generic.Source : $"Linux drivers/hwmon, drivers/iio; {Chip.Source}",
    };

    /// <summary>What holds for any device that the kernel monitors.</summary>
    internal static MeterFacts Generic { get; } = new()
    {
        Model = "linux-hwmon",
        Vendor = "Linux kernel",
        Transports = [HwmonOpener.Scheme],
        Quantities = [Quantity.ActivePower, Quantity.Voltage, Quantity.Current, Quantity.Temperature],
        Accuracy = new Dictionary<Quantity, AccuracyLimit>(),
        Resolution = new Dictionary<Quantity, double>
        {
            [Quantity.ActivePower] = PowerUnitOfHwmon, [Quantity.Current] = CurrentUnitOfHwmon, [Quantity.Voltage] = VoltageUnitOfHwmon, [Quantity.Temperature] = TemperatureUnit,
        },
        Response = new MeterResponse(DefaultPeriodSeconds, DefaultPeriodSeconds, 0),
        FactsMark = 2,
        Source = "Linux Documentation/hwmon/sysfs-interface, Documentation/ABI/testing/sysfs-bus-iio; accuracy and period are those of the device behind the driver, and known for the INA family only",
    };

    /// <summary>Throws where the driver computes with another shunt than the address names; <paramref name="command"/> says how to give it that one, in ohm.</summary>
    internal static void CheckShunt(MeterUri uri, double? ohms, Func<double, string> command)
    {
        const double SameShunt = 1e-6;
        if (ShuntSettings.Shunts(uri, "shunt") is not { } asked || (ohms is { } kernels && Math.Abs(kernels - asked) <= SameShunt / 2 + 1e-9 * asked))
            return;
        throw new MeterException(
            MeterFailure.Refused,
            ohms is { } found
                ? FormattableString.Invariant($"{uri}: the kernel computes with a shunt of {found * 1e3:0.######} mohm. As root: {command(asked)}")
                : $"{uri}: this driver does not tell which shunt it computes with; leave the option out.");
    }
}
