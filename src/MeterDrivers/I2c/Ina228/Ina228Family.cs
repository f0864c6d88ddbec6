using MeterLab.Measurement.Quantities;

namespace MeterLab.MeterDrivers.I2c.Ina228;

/// <summary>
/// The monitors that divide: INA228 (20 bits, energy and charge; TI SLYS021A), INA237 and INA238 (16 bits). CURRENT = VSHUNT x 4096 /
/// SHUNT_CAL, POWER = |CURRENT x VBUS| / 16384 (64 in the 16-bit ones). INA700, INA701 and INA780 have the same registers with a shunt
/// inside, no calibration, and fixed steps.
/// </summary>
internal static class Ina228Family
{
    private const byte Configuration = 0x00;
    private const byte AdcConfiguration = 0x01;
    private const byte ShuntCalibrationRegister = 0x02;
    private const byte ShuntTempco = 0x03;
    private const byte TemperatureLimit = 0x10;
    private const int ResetAccumulators = 1 << 14;
    private const int Compensate = 1 << 5;
    private const int FineRange = 1 << 4;
    private const ushort ConfigurationMask = 0x3FFF;
    private const ushort AdcAfterReset = 0xFB68;
    private const int AllContinuous = 0xF;
    private const double FineRangeFactor = 4;

    // The oscillator keeps 0.5 %.
    private const double SlowestClock = 1.01;
    private const double TimeBase = 0.005;
    private const int EnergyRatio = 16;
    private static readonly LimitOfError Bus238 = new(5e-3, 0.001, OffsetDrift: 40e-6);

    private static readonly ChipMap Map228 = new()
    {
        Shunt = new ChipField(0x04, 3, Signed: true, Shift: 4),
        Bus = new ChipField(0x05, 3, Shift: 4),
        Temperature = new ChipField(0x06, Signed: true),
        Current = new ChipField(0x07, 3, Signed: true, Shift: 4),
        Power = new ChipField(0x08, 3),
        Energy = new ChipField(0x09, 5),
        Charge = new ChipField(0x0A, 5, Signed: true),
        Status = new ChipField(0x0B),
        Ready = 1 << 1,
        Overflow = 1 << 9,
        ChargeOverflow = 1 << 10,
        EnergyOverflow = 1 << 11,
    };

    private static readonly ChipMap Map238 = Map228 with
    {
        Shunt = new ChipField(0x04, Signed: true),
        Bus = new ChipField(0x05, Signed: true),
        Temperature = new ChipField(0x06, Signed: true, Shift: 4),
        Current = new ChipField(0x07, Signed: true),
        Energy = null,
        Charge = null,
    };

    private static readonly ChipMap Map700 = Map238 with { Shunt = null, Energy = Map228.Energy, Charge = Map228.Charge };

    /// <summary>The models.</summary>
    internal static IReadOnlyList<ShuntChip> Chips { get; } =
    [
        // The bus voltage's offset is not in our sources; the limit of the INA238 on the same die stands for it.
        Chip("ina228", new(0x3E, 0x3F, 0x228), Map228, 2, "TI SLYS021A, INA228 data sheet", new ShuntAccuracy(
            new LimitOfError(1e-6, 0.0005, OffsetDrift: 0.01e-6, GainDrift: 20e-6), Bus238 with { Gain = 0.0005 }, TimeBase)),
        Chip("ina237", new(0x3E), Map238, 2, "ESPHome ina2xx and Linux drivers/hwmon/ina238.c: the registers of an INA238"),
        Chip("ina238", new(0x3E, 0x3F, 0x238), Map238, 2, "TI SLYS025, INA238 data sheet", new ShuntAccuracy(
            new LimitOfError(5e-6, 0.001, OffsetDrift: 20e-9, GainDrift: 25e-6), Bus238)),
        Integrated("ina700", 480e-6, "Linux drivers/hwmon/ina238.c, INA700"),
        Integrated("ina701", 190e-6, "TI, INA701 data sheet"),
        Integrated("ina780", 2400e-6, "Linux drivers/hwmon/ina238.c, INA780"),
    ];

    private static ShuntChip Chip(string model, ChipIdentity identity, ChipMap map, int mark, string source, ShuntAccuracy? accuracy = null)
    {
        var chip = default(ShuntChip);
        return chip = new ShuntChip
        {
            Model = model,
            Identity = identity,
            BusFullScale = 85,
            Accuracy = accuracy ?? new ShuntAccuracy(),
            Quantities = QuantitiesOf(map),
            Source = source,
            FactsMark = mark,
            Response = ShuntChip.Block(Seconds(new ConversionSettings(ConversionTable.Ina228.DefaultAverage, 3, 3, 0))),
            Options = [.. ShuntSettings.ShuntOptions, "adc-range", "temperature-conversion-time"],
            Prepare = (uri, context) =>
            {
                var plan = Plan(uri, chip!, map);
                return registers => new RegisterMonitor(chip!, map, plan, uri, context, registers);
            },
        };
    }

    private static ShuntPlan Plan(MeterUri uri, ShuntChip chip, ChipMap map)
    {
        var precise = map == Map228;
        var (bits, wideStep, busStep) = precise ? (20, 312.5e-9, 195.3125e-6) : (16, 5e-6, 3.125e-3);
        var shunt = ShuntSettings.External(uri);
        var conversions = ConversionTable.Ina228.Read(uri);
        var wideScale = wideStep * (1 << (bits - 1));
        var fine = uri.WholeNumber("adc-range", (shunt.MaxCurrent * shunt.Shunt).Value <= wideScale / FineRangeFactor ? 1 : 0, 0, 1) == 1;
        ShuntCalibration.CheckFits(uri, shunt, fine ? wideScale / FineRangeFactor : wideScale, $"with adc-range={(fine ? 1 : 0)}");
        var shuntStep = fine ? wideStep / FineRangeFactor : wideStep;
        var calibration = ShuntCalibration.Dividing(uri, shunt, shuntStep, bits);
        var compensated = precise && shunt.ShuntTempco > 0;
        var configuration = (fine ? FineRange : 0) | (compensated ? Compensate : 0);
        var powerStep = (precise ? 3.2 : 0.2) * calibration.CurrentStep;
        return new ShuntPlan
        {
            Shunt = shunt,
            Accuracy = chip.Accuracy,
            Compensated = compensated,
            Registers =
            [
                new RegisterSetting(ShuntCalibrationRegister, calibration.Register, 0x7FFF),
                .. precise ? [new RegisterSetting(ShuntTempco, (ushort)Math.Round(shunt.ShuntTempco * 1e6), 0x3FFF)] : Array.Empty<RegisterSetting>(),
                // What was accumulated in other steps means nothing in the new ones.
                new RegisterSetting(Configuration, (ushort)configuration, ConfigurationMask, map.Energy is null ? (ushort)0 : (ushort)ResetAccumulators),
                new RegisterSetting(AdcConfiguration, AdcOf(conversions)),
            ],
            ShuntStep = shuntStep,
            BusStep = busStep,
            CurrentStep = calibration.CurrentStep,
            PowerStep = powerStep,
            EnergyStep = map.Energy is null ? null : EnergyRatio * powerStep,
            ChargeStep = calibration.CurrentStep,
            TemperatureStep = precise ? 7.8125e-3 : 0.125,
            CurrentLimit = calibration.DividingLimit(bits),
            UpdateSeconds = Seconds(conversions),
            SlowestClock = SlowestClock,
        };
    }

    private static ShuntChip Integrated(string model, double currentStep, string source)
    {
        var chip = default(ShuntChip);
        return chip = new ShuntChip
        {
            Model = model,
            Identity = new ChipIdentity(0x3E),
            BusFullScale = 85,
            Quantities = QuantitiesOf(Map700),
            Source = source,
            FactsMark = 1,
            Response = ShuntChip.Block(Seconds(new ConversionSettings(ConversionTable.Ina228.DefaultAverage, 3, 3, 0))),
            Options = ["temperature-conversion-time"],
            Prepare = (uri, context) =>
            {
                var plan = PlanIntegrated(uri, currentStep);
                return registers => new RegisterMonitor(chip!, Map700, plan, uri, context, registers);
            },
        };
    }

    private static ShuntPlan PlanIntegrated(MeterUri uri, double currentStep)
    {
        // Beyond what any die is warm: the limit only marks the chip, and no alert is switched on.
        const ushort Mark = 0x7FE0;
        const double ChargeRatio = 1.0 / 16;
        var conversions = ConversionTable.Ina228.Read(uri);
        var adc = new RegisterSetting(AdcConfiguration, AdcOf(conversions));
        var powerStep = 0.2 * currentStep;
        // Only ohms that cancel out: what the chip shows is current.
        const double Ohms = 1e-3;
        return new ShuntPlan
        {
            Shunt = ShuntSettings.Internal(uri, Ohms, currentStep * short.MaxValue),
            Accuracy = new ShuntAccuracy(),
            // A chip set as it is after a reset needs a mark that a lost supply wipes out.
            Registers = adc.Value == AdcAfterReset ? [new RegisterSetting(TemperatureLimit, Mark), adc] : [adc],
            ShuntStep = currentStep * Ohms,
            BusStep = 3.125e-3,
            CurrentStep = currentStep,
            PowerStep = powerStep,
            EnergyStep = EnergyRatio * powerStep,
            ChargeStep = ChargeRatio * currentStep,
            TemperatureStep = 0.125,
            CurrentLimit = short.MaxValue,
            UpdateSeconds = Seconds(conversions),
            SlowestClock = SlowestClock,
        };
    }

    private static ushort AdcOf(ConversionSettings conversions) => (ushort)(
        AllContinuous << 12 | conversions.Bus << 9 | conversions.Shunt << 6 | conversions.Temperature << 3 | conversions.Average);

    private static double Seconds(ConversionSettings conversions)
    {
        var table = ConversionTable.Ina228;
        var each = table.MicroSeconds[conversions.Bus] + table.MicroSeconds[conversions.Shunt] + table.MicroSeconds[conversions.Temperature];
        return table.Averages[conversions.Average] * each * 1e-6;
    }

    private static Quantity[] QuantitiesOf(ChipMap map) =>
    [
        Quantity.ActivePower, Quantity.Voltage, Quantity.Current,
        .. map.Shunt is null ? [] : new[] { Quantity.ShuntVoltage },
        .. map.Energy is null ? [] : new[] { Quantity.EnergyImport, Quantity.Charge },
        Quantity.Temperature,
    ];
}
