using MeterLab.Measurement.Quantities;

namespace MeterLab.MeterDrivers.I2c.Ina219;

/// <summary>
/// The 12-bit monitors: INA219 and INA220 (TI SBOS448G, SBOS459), and the older INA209 with the same converter behind other registers.
/// CURRENT = SHUNT x CAL / 4096, POWER = CURRENT x BUS / 5000.
/// </summary>
internal static class Ina219Family
{
    private const double ShuntStep = 10e-6;
    private const double BusStep = 4e-3;
    private const int Divisor = 4096;
    private const int PowerRatio = 20;
    private const int CountsAtGain1 = 4000;
    private const int LargestCalibration = 0xFFFE;

    // Bit 0 of CALIBRATION is void and always reads 0.
    private const int CalibrationGrain = 2;
    private const int BothContinuous = 7;
    private const ushort ConfigurationMask = 0x3FFF;
    private const double SlowestClock = 1.1;
    private static readonly int[] AveragedMicroSeconds = [532, 1060, 2130, 4260, 8510, 17020, 34050, 68100];
    private static readonly double[] OffsetsOfGradeA = [100e-6, 125e-6, 150e-6, 200e-6];
    private static readonly double[] OffsetsOfGradeB = [50e-6, 75e-6, 75e-6, 100e-6];
    private static readonly string[] OwnOptions = ["pga", "bus-range"];

    private static readonly ChipMap Map219 = new()
    {
        Shunt = new ChipField(0x01, Signed: true),
        Bus = new ChipField(0x02, Shift: 3),
        Power = new ChipField(0x03),
        Current = new ChipField(0x04, Signed: true),
        // CNVR and OVF stand below the bus voltage; reading POWER clears the first.
        Status = new ChipField(0x02),
        Ready = 1 << 1,
        Overflow = 1 << 0,
    };

    private static readonly ChipMap Map209 = new()
    {
        Shunt = new ChipField(0x03, Signed: true),
        Bus = new ChipField(0x04, Shift: 3),
        Power = new ChipField(0x05),
        Current = new ChipField(0x06, Signed: true),
        Status = new ChipField(0x04),
    };

    /// <summary>The models.</summary>
    internal static IReadOnlyList<ShuntChip> Chips { get; } =
    [
        Chip("ina219", Map219, 0x05, 2, "TI SBOS448G, INA219 data sheet, grade A unless the address says grade=b", graded: true),
        Chip("ina220", Map219, 0x05, 2, "TI SBOS459, INA220 data sheet, grade A unless the address says grade=b", graded: true),
        Chip("ina209", Map209, 0x16, 1, "Linux drivers/hwmon/ina209.c; no flag of a conversion's end is known from our sources: values are found in the polls", graded: false),
    ];

    private static ShuntChip Chip(string model, ChipMap map, byte calibration, int mark, string source, bool graded)
    {
        var chip = default(ShuntChip);
        return chip = new ShuntChip
        {
            Model = model,
            Identity = new ChipIdentity(),
            BusFullScale = 26,
            Accuracy = graded ? Accuracy(OffsetsOfGradeA[^1], 0.005) : new ShuntAccuracy(),
            Quantities = [Quantity.ActivePower, Quantity.Voltage, Quantity.Current, Quantity.ShuntVoltage],
            Source = source,
            FactsMark = mark,
            Response = ShuntChip.Block(2 * AveragedMicroSeconds[ConversionTable.Ina219.DefaultAverage] * 1e-6, map.Ready != 0),
            Options = [.. ShuntSettings.ShuntOptions, .. OwnOptions, .. graded ? ["grade", ChipProbe.Option] : Array.Empty<string>()],
            Prepare = (uri, context) =>
            {
                var plan = Plan(uri, calibration, graded);
                return registers => new RegisterMonitor(chip!, map, plan, uri, context, registers);
            },
        };
    }

    private static ShuntPlan Plan(MeterUri uri, byte calibrationRegister, bool graded)
    {
        ChipProbe.CheckOption(uri);
        var shunt = ShuntSettings.External(uri);
        var conversions = ConversionTable.Ina219.Read(uri);
        if (conversions.Average > 0 && (conversions.Bus, conversions.Shunt) != (ConversionTable.Ina219.DefaultTime, ConversionTable.Ina219.DefaultTime))
            throw uri.Error($"conversion-time: an {uri.Model} averages at 532us only; with another time write average=1 too");
        var gain = Gain(uri, shunt);
        var counts = CountsAtGain1 << gain;
        ShuntCalibration.CheckFits(uri, shunt, counts * ShuntStep, $"with pga={1 << gain}");
        var calibration = ShuntCalibration.Multiplying(uri, shunt, ShuntStep, Divisor, LargestCalibration, CalibrationGrain);
        var configuration = BusRange(uri) << 13 | gain << 11 | AdcCode(conversions.Average, conversions.Bus) << 7
            | AdcCode(conversions.Average, conversions.Shunt) << 3 | BothContinuous;
        return new ShuntPlan
        {
            Shunt = shunt,
            Accuracy = graded ? Grade(uri, gain) : new ShuntAccuracy(),
            Registers =
            [
                new RegisterSetting(calibrationRegister, calibration.Register),
                new RegisterSetting(0x00, (ushort)configuration, ConfigurationMask),
            ],
            ShuntStep = ShuntStep,
            BusStep = BusStep,
            CurrentStep = calibration.CurrentStep,
            PowerStep = PowerRatio * calibration.CurrentStep,
            // At 9 to 11 bits the low bits read 0.
            Coarseness = conversions.Average > 0 ? 1 : 1 << (ConversionTable.Ina219.DefaultTime - conversions.Shunt),
            CurrentLimit = calibration.MultiplyingLimit(counts, Divisor),
            UpdateSeconds = (MicroSeconds(conversions.Average, conversions.Bus) + MicroSeconds(conversions.Average, conversions.Shunt)) * 1e-6,
            SlowestClock = SlowestClock,
        };
    }

    private static int AdcCode(int average, int time) => average > 0 ? 8 | average : time;

    private static int MicroSeconds(int average, int time) => average > 0 ? AveragedMicroSeconds[average] : ConversionTable.Ina219.MicroSeconds[time];

    private static int Gain(MeterUri uri, ShuntSettings shunt)
    {
        const int Gains = 4;
        var fits = 0;
        while (fits < Gains - 1 && (shunt.MaxCurrent * shunt.Shunt).Value > (CountsAtGain1 << fits) * ShuntStep * (1 + 1e-9))
            fits++;
        var pga = uri.WholeNumber("pga", 1 << fits, 1, 1 << (Gains - 1));
        return int.IsPow2(pga) ? int.Log2(pga) : throw uri.Error($"pga: {pga} is not possible; one of 1, 2, 4, 8 is right (40, 80, 160, 320 mV)");
    }

    private static int BusRange(MeterUri uri) => (uri.Quantity("bus-range", Dimension.Voltage) ?? 32) switch
    {
        16 => 0,
        32 => 1,
        _ => throw uri.Error("bus-range: 16V or 32V is right"),
    };

    private static ShuntAccuracy Grade(MeterUri uri, int gain) => uri.Option("grade") switch
    {
        null or "a" => Accuracy(OffsetsOfGradeA[gain], 0.005),
        "b" => Accuracy(OffsetsOfGradeB[gain], 0.003),
        var other => throw uri.Error($"grade: '{other}' is not possible; a (INA219A) or b (INA219B) is right"),
    };

    // The bus voltage's limit doubles over -25 to 85 degC.
    private static ShuntAccuracy Accuracy(double shuntOffset, double shuntGain) =>
        new(new LimitOfError(shuntOffset, shuntGain, OffsetDrift: 0.1e-6, GainDrift: 10e-6), new LimitOfError(0, 0.005, GainDrift: 0.005 / 60));
}
