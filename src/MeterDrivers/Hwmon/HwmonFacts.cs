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
    internal const double PowerUnit = 1e-6;
    internal const double CurrentUnit = 1e-3;
    internal const double VoltageUnit = 1e-3;
    internal const double TemperatureUnit = 1e-3;
    private const double DefaultPeriodSeconds = 1;

    // The drivers keep one calibration, at which a step of current is a step of the shunt voltage (Linux drivers/hwmon/ina2xx.c).
    private static readonly Dictionary<string, (double ShuntStep, double PowerRatio, double Seconds)> FixedCalibrations = new(StringComparer.Ordinal)
    {
        ["ina219"] = (10e-6, 20, 2 * 532e-6),
        ["ina220"] = (10e-6, 20, 2 * 532e-6),
        ["ina226"] = (2.5e-6, 25, 16 * 2 * 1100e-6),
        ["ina230"] = (2.5e-6, 25, 16 * 2 * 1100e-6),
        ["ina231"] = (2.5e-6, 25, 16 * 2 * 1100e-6),
    };

    /// <summary>The name that the driver gives the device.</summary>
    internal required string Name { get; init; }

    /// <summary>The chip behind the driver; null where it is none of the family.</summary>
    internal ShuntChip? Chip { get; init; }

    /// <summary>The shunt that the driver computes with, ohm; null where it does not say.</summary>
    internal double? ShuntOhms { get; init; }

    /// <summary>Time between new values, s.</summary>
    internal required double PeriodSeconds { get; init; }

    /// <summary>Whether that time is known, and the values are means over all of it.</summary>
    internal required bool PeriodKnown { get; init; }

    /// <summary>The smallest step of power, W.</summary>
    internal required double PowerStep { get; init; }

    /// <summary>The smallest step of current, A.</summary>
    internal required double CurrentStep { get; init; }

    /// <summary>A shunt monitor hands on a power without a sign.</summary>
    internal bool PowerIsUnsigned => Chip is not null;

    /// <summary>Gathers them. Throws <see cref="MeterException"/> where the driver computes with another shunt than the address names.</summary>
    internal static HwmonFacts Of(HwmonAttributes attributes, MeterUri uri)
    {
        var name = attributes.Text("name") ?? throw new MeterException(MeterFailure.Protocol, $"{uri}: {attributes.Folder} has no name: it is no monitored device.");
        double? ohms = attributes.Has("shunt_resistor") ? attributes.Number("shunt_resistor") * 1e-6 : null;
        CheckShunt(uri, attributes, ohms);
        var known = FixedCalibrations.TryGetValue(name, out var calibration);
        double? interval = attributes.Has("update_interval") ? attributes.Number("update_interval") * 1e-3 : null;
        var currentStep = known && ohms is { } shunt ? calibration.ShuntStep / shunt : CurrentUnit;
        return new HwmonFacts
        {
            Name = name,
            Chip = ShuntChips.All.FirstOrDefault(chip => chip.Model == name),
            ShuntOhms = ohms,
            PeriodSeconds = interval is > 0 ? interval.Value : known ? calibration.Seconds : DefaultPeriodSeconds,
            PeriodKnown = known || interval is > 0,
            CurrentStep = Math.Max(CurrentUnit, currentStep),
            PowerStep = known && ohms is not null ? calibration.PowerRatio * currentStep : PowerUnit,
        };
    }

    /// <summary>The limits of error on a rail of so many volts; empty where the chip's, its shunt, or the driver's arithmetic is not known.</summary>
    internal IReadOnlyDictionary<Quantity, AccuracyLimit> Limits(MeterUri uri, double volts)
    {
        if (Chip is null || ShuntOhms is not { } ohms || !FixedCalibrations.ContainsKey(Name))
            return new Dictionary<Quantity, AccuracyLimit>();
        var settings = ShuntSettings.Of(uri, ohms, maxAmperes: 0);
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
            [Quantity.Voltage] = VoltageUnit,
            [Quantity.Temperature] = TemperatureUnit,
        },
        Response = new MeterResponse(PeriodSeconds, PeriodSeconds, 0) { AveragingKnown = PeriodKnown },
        FactsMark = Chip?.FactsMark ?? 0,
        Source = Chip is null ? Generic.Source : $"Linux drivers/hwmon; {Chip.Source}",
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
            [Quantity.ActivePower] = PowerUnit, [Quantity.Current] = CurrentUnit, [Quantity.Voltage] = VoltageUnit, [Quantity.Temperature] = TemperatureUnit,
        },
        Response = new MeterResponse(DefaultPeriodSeconds, DefaultPeriodSeconds, 0),
        FactsMark = 2,
        Source = "Linux Documentation/hwmon/sysfs-interface; accuracy and period are those of the device behind the driver, and known for the INA family only",
    };

    private static void CheckShunt(MeterUri uri, HwmonAttributes attributes, double? ohms)
    {
        const double SameShunt = 1e-6;
        if (ShuntSettings.Shunts(uri, "shunt") is not { } asked || (ohms is { } kernels && Math.Abs(kernels - asked) <= SameShunt / 2 + 1e-9 * asked))
            return;
        throw new MeterException(
            MeterFailure.Refused,
            ohms is { } found
                ? $"{uri}: the kernel computes with a shunt of {found * 1e3:0.######} mohm. As root: echo {asked * 1e6:0} > {attributes.Folder}/shunt_resistor"
                : $"{uri}: this driver does not tell which shunt it computes with; leave the option out.");
    }
}
