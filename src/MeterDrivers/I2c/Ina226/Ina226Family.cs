using MeterLab.Measurement.Quantities;

namespace MeterLab.MeterDrivers.I2c.Ina226;

/// <summary>
/// The 16-bit monitors that multiply: INA226 (TI SBOS547), INA230 and INA231 with its registers, INA232, INA234 and INA236 (SBOSA81D) with
/// a second range, and INA260 (SBOS656C) with a shunt inside. CURRENT = SHUNT x CAL / 2048, POWER = CURRENT x BUS / 20000.
/// </summary>
internal static class Ina226Family
{
    internal const double ShuntStep = 2.5e-6;
    internal const double BusStep = 1.25e-3;
    internal const int Divisor = 2048;
    internal const int PowerRatio = 25;
    internal const int LargestCalibration = 0x7FFF;

    // 140 us typical is 154 us at most.
    internal const double SlowestClock = 1.1;

    private const double WideBusStep = 1.6e-3;
    private const int WidePowerRatio = 32;
    private const int FineRangeFactor = 4;
    private const int FullScale = short.MaxValue;
    private const int BothContinuous = 7;
    private const byte Configuration = 0x00;
    private const byte Calibration = 0x05;

    // Reserved bits 14 to 12 read as the chip likes; in the later chips bit 12 is the range.
    private const ushort ConfigurationMask = 0x0FFF;
    private const ushort RangedMask = 0x1FFF;
    private const double InternalShunt = 2e-3;
    private const double InternalCurrentStep = 1.25e-3;
    private const double InternalPowerStep = 10e-3;

    private static readonly Quantity[] Quantities = [Quantity.ActivePower, Quantity.Voltage, Quantity.Current, Quantity.ShuntVoltage];
    private static readonly ShuntAccuracy Accuracy226 = new(
        new LimitOfError(10e-6, 0.001, OffsetDrift: 0.1e-6, GainDrift: 50e-6), new LimitOfError(7.5e-3, 0.001, OffsetDrift: 40e-6, GainDrift: 50e-6));

    // 5 mA and 50 uA/K behind 2 mohm.
    private static readonly ShuntAccuracy Accuracy260 = new(
        new LimitOfError(10e-6, 0.0015, OffsetDrift: 0.1e-6, GainDrift: 10e-6), new LimitOfError(7.5e-3, 0.001));

    private static readonly ChipMap Map = new()
    {
        Shunt = new ChipField(0x01, Signed: true),
        Bus = new ChipField(0x02),
        Power = new ChipField(0x03),
        Current = new ChipField(0x04, Signed: true),
        Status = new ChipField(0x06),
        Ready = 1 << 3,
        Overflow = 1 << 2,
    };

    private static readonly ChipMap Map260 = Map with { Shunt = null, Current = new ChipField(0x01, Signed: true) };

    /// <summary>The models.</summary>
    internal static IReadOnlyList<ShuntChip> Chips { get; } =
    [
        Chip("ina226", new(0xFE, 0xFF, 0x226), 36, 2, "TI SBOS547, INA226 data sheet", Accuracy226),
        Chip("ina230", new(Alike: 0x226), 28, 2, "Linux drivers/hwmon/ina2xx.c and Zephyr ina230.c: the registers of an INA226"),
        Chip("ina231", new(Alike: 0x226), 28, 2, "Linux drivers/hwmon/ina2xx.c: the registers of an INA226"),
        Chip("ina232", new(0x3E), 48, 1, "TI SBOSAA2, INA232 data sheet", ranged: true),
        Chip("ina234", new(0x3E), 48, 1, "Linux drivers/hwmon/ina2xx.c, INA234", ranged: true, coarseness: 16),
        Chip("ina236", new(0x3E, 0x3F, 0xA08), 48, 2, "TI SBOSA81D, INA236 data sheet", new ShuntAccuracy(new LimitOfError(5e-6, 0.001)), ranged: true),
        Chip260(),
    ];

    /// <summary>Averages and times, shunt and bus continuously, as the configuration has them in all models.</summary>
    internal static int Conversions(ConversionSettings conversions) =>
        conversions.Average << 9 | conversions.Bus << 6 | conversions.Shunt << 3 | BothContinuous;

    /// <summary>Typical time of a result, s.</summary>
    internal static double Seconds(ConversionSettings conversions)
    {
        var table = ConversionTable.Ina226;
        return table.Averages[conversions.Average] * (table.MicroSeconds[conversions.Bus] + table.MicroSeconds[conversions.Shunt]) * 1e-6;
    }

    private static ShuntChip Chip(
        string model, ChipIdentity identity, double busFullScale, int mark, string source, ShuntAccuracy? accuracy = null, bool ranged = false, int coarseness = 1)
    {
        var chip = default(ShuntChip);
        return chip = new ShuntChip
        {
            Model = model,
            Identity = identity,
            BusFullScale = busFullScale,
            Accuracy = accuracy ?? new ShuntAccuracy(),
            Quantities = Quantities,
            Source = source,
            FactsMark = mark,
            Response = ShuntChip.Block(Seconds(new ConversionSettings(ConversionTable.Ina226.DefaultAverage, 2, 2, 0))),
            Options = [.. ShuntSettings.ShuntOptions, .. ranged ? ["adc-range"] : Array.Empty<string>()],
            Prepare = (uri, context) =>
            {
                var plan = Plan(uri, chip!, ranged, coarseness);
                return registers => new RegisterMonitor(chip!, Map, plan, uri, context, registers);
            },
        };
    }

    private static ShuntPlan Plan(MeterUri uri, ShuntChip chip, bool ranged, int coarseness)
    {
        var shunt = ShuntSettings.External(uri);
        var conversions = ConversionTable.Ina226.Read(uri);
        var largest = (shunt.MaxCurrent * shunt.Shunt).Value;
        var fine = ranged && uri.WholeNumber("adc-range", largest <= FullScale * ShuntStep / FineRangeFactor ? 1 : 0, 0, 1) == 1;
        var shuntStep = fine ? ShuntStep / FineRangeFactor : ShuntStep;
        ShuntCalibration.CheckFits(uri, shunt, FullScale * shuntStep, ranged ? $"with adc-range={(fine ? 1 : 0)}" : "at most");
        var calibration = ShuntCalibration.Multiplying(uri, shunt, shuntStep, Divisor, LargestCalibration);
        var configuration = 0x4000 | (fine ? 1 << 12 : 0) | Conversions(conversions);
        return new ShuntPlan
        {
            Shunt = shunt,
            Accuracy = chip.Accuracy,
            Registers =
            [
                new RegisterSetting(Calibration, calibration.Register),
                // Writing the configuration starts a new conversion: the next result is all under the new settings.
                new RegisterSetting(Configuration, (ushort)configuration, ranged ? RangedMask : ConfigurationMask),
            ],
            ShuntStep = shuntStep,
            BusStep = ranged ? WideBusStep : BusStep,
            CurrentStep = calibration.CurrentStep,
            PowerStep = (ranged ? WidePowerRatio : PowerRatio) * calibration.CurrentStep,
            Coarseness = coarseness,
            CurrentLimit = calibration.MultiplyingLimit(FullScale / coarseness * coarseness, Divisor),
            UpdateSeconds = Seconds(conversions),
            SlowestClock = SlowestClock,
        };
    }

    private static ShuntChip Chip260()
    {
        var chip = default(ShuntChip);
        return chip = new ShuntChip
        {
            Model = "ina260",
            Identity = new ChipIdentity(0xFE, 0xFF, 0x227),
            BusFullScale = 36,
            Accuracy = Accuracy260,
            Quantities = [Quantity.ActivePower, Quantity.Voltage, Quantity.Current],
            Source = "TI SBOS656C, INA260 data sheet; its shunt of 2 mohm carries 15 A at most",
            FactsMark = 2,
            Response = ShuntChip.Block(Seconds(new ConversionSettings(ConversionTable.Ina226.DefaultAverage, 2, 2, 0))),
            Options = [],
            Prepare = (uri, context) =>
            {
                var plan = Plan260(uri);
                return registers => new RegisterMonitor(chip!, Map260, plan, uri, context, registers);
            },
        };
    }

    private static ShuntPlan Plan260(MeterUri uri)
    {
        const int AfterReset = 0x6127;
        const byte AlertLimit = 0x07;
        const double MaxAmperes = 15;
        var conversions = ConversionTable.Ina226.Read(uri);
        var configuration = 0x6000 | Conversions(conversions);
        var configured = new RegisterSetting(Configuration, (ushort)configuration, ConfigurationMask);
        return new ShuntPlan
        {
            Shunt = ShuntSettings.Internal(uri, InternalShunt, MaxAmperes),
            Accuracy = Accuracy260,
            // Without a calibration, a chip set as it is after a reset needs a mark: the alert's limit, with no alert switched on.
            Registers = configuration == AfterReset ? [new RegisterSetting(AlertLimit, 1), configured] : [configured],
            ShuntStep = InternalCurrentStep * InternalShunt,
            BusStep = BusStep,
            CurrentStep = InternalCurrentStep,
            PowerStep = InternalPowerStep,
            CurrentLimit = short.MaxValue,
            UpdateSeconds = Seconds(conversions),
            SlowestClock = SlowestClock,
        };
    }
}
