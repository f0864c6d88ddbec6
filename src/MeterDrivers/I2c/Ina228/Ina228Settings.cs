namespace MeterLab.MeterDrivers.I2c.Ina228;

/// <summary>
/// The integers that an INA228 is set to for a shunt, and the exact steps that follow from them (TI SLYS021A, 8.1.2). The other
/// way round than in an INA226: SHUNT_CAL is a divisor, and a larger one makes larger steps.
/// </summary>
internal sealed record Ina228Settings
{
    internal const double BusVoltageStep = 195.3125e-6;
    internal const double TemperatureStep = 7.8125e-3;
    private const double WideFullScale = 163.84e-3;
    private const double FineFullScale = 40.96e-3;
    private const int LargestCode = (1 << 19) - 1;

    // SHUNT_CAL = 13107.2e6 x current step x shunt, and four times that in the fine range.
    private const double CalibrationConstant = 13107.2e6;
    private const ushort CalibrationAfterReset = 0x1000;
    private const int TemperatureMicroSeconds = 50;

    internal static ConversionTable Conversions { get; } = new(
        [1, 4, 16, 64, 128, 256, 512, 1024], [50, 84, 150, 280, 540, 1052, 2074, 4120], DefaultAverage: 2, DefaultTime: 3);

    /// <summary>Whether the fine range is used.</summary>
    internal required bool FineRange { get; init; }

    /// <summary>SHUNT_CAL, 1 to 0x7FFF, and never what it is after a reset.</summary>
    internal required ushort Calibration { get; init; }

    /// <summary>ADC_CONFIG: bus, shunt and temperature continuously.</summary>
    internal required ushort AdcConfiguration { get; init; }

    /// <summary>Amperes a step of CURRENT, exactly, from the calibration.</summary>
    internal required double CurrentStep { get; init; }

    /// <summary>Typical time between results, s.</summary>
    internal required double UpdatePeriodSeconds { get; init; }

    /// <summary>CONFIG without its self-clearing bits.</summary>
    internal ushort Configuration => FineRange ? (ushort)Ina228Register.FineRange : (ushort)0;

    /// <summary>Volts a step of VSHUNT.</summary>
    internal double ShuntVoltageStep => FineRange ? 78.125e-9 : 312.5e-9;

    /// <summary>Watts a step of POWER.</summary>
    internal double PowerStep => 3.2 * CurrentStep;

    /// <summary>Joules a step of ENERGY.</summary>
    internal double EnergyStep => 16 * PowerStep;

    /// <summary>|CURRENT| where the shunt voltage stands at the end of its scale.</summary>
    internal int CurrentAtFullScale => (int)Math.Min(LargestCode, (long)LargestCode * 4096 / Calibration);

    /// <summary>Works the integers out. Throws <see cref="Measurement.ConfigurationException"/> where the chip cannot serve shunt and current.</summary>
    internal static Ina228Settings For(ShuntSettings shunt, MeterUri uri)
    {
        var largest = (shunt.MaxCurrent * shunt.Shunt).Value;
        var fine = uri.WholeNumber("adc-range", largest <= FineFullScale ? 1 : 0, 0, 1) == 1;
        var fullScale = fine ? FineFullScale : WideFullScale;
        if (largest > fullScale * (1 + 1e-9))
            throw uri.Error($"max-current x shunt is {largest * 1e3:0.###} mV; an ina228 takes {fullScale * 1e3:0.##} mV with adc-range={(fine ? 1 : 0)}");
        var factor = CalibrationConstant * shunt.Shunt.Value * (fine ? 4 : 1);
        // Rounded up: a larger step, so that max-current still fits. The hair keeps 4050 from becoming 4051.
        var calibration = (ushort)Math.Max(1, Math.Ceiling(factor * shunt.MaxCurrent.Value / (1 << 19) - 1e-6));
        // One off the value after a reset, so that a chip that lost its supply can be told from one that did not.
        if (calibration == CalibrationAfterReset)
            calibration++;
        const int AllContinuous = 0xF;
        var time = shunt.ConversionTimeCode;
        return new Ina228Settings
        {
            FineRange = fine,
            Calibration = calibration,
            AdcConfiguration = (ushort)(AllContinuous << 12 | time << 9 | time << 6 | shunt.AverageCode),
            CurrentStep = calibration / factor,
            UpdatePeriodSeconds =
                Conversions.Averages[shunt.AverageCode] * (2 * Conversions.MicroSeconds[time] + TemperatureMicroSeconds) * 1e-6,
        };
    }
}
