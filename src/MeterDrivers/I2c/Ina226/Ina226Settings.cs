namespace MeterLab.MeterDrivers.I2c.Ina226;

/// <summary>
/// The integers that an INA226 is set to for a shunt, and the exact steps that follow from them: not from the current that was
/// wished for, but from the calibration that was really written (TI SBOS547, 7.5).
/// </summary>
internal sealed record Ina226Settings
{
    internal const double ShuntVoltageStep = 2.5e-6;
    internal const double BusVoltageStep = 1.25e-3;

    // CAL = 0.00512 / (current step x shunt).
    private const double CalibrationConstant = 0.00512;

    private Ina226Settings(ushort configuration, ushort calibration, double currentStep, double updatePeriod)
    {
        Configuration = configuration;
        Calibration = calibration;
        CurrentStep = currentStep;
        UpdatePeriodSeconds = updatePeriod;
    }

    internal static ConversionTable Conversions { get; } = new(
        [1, 4, 16, 64, 128, 256, 512, 1024], [140, 204, 332, 588, 1100, 2116, 4156, 8244], DefaultAverage: 2, DefaultTime: 2);

    /// <summary>Averages and times, shunt and bus continuously.</summary>
    internal ushort Configuration { get; }

    /// <summary>The calibration register, 1 to 0x7FFF.</summary>
    internal ushort Calibration { get; }

    /// <summary>Amperes a step of CURRENT.</summary>
    internal double CurrentStep { get; }

    /// <summary>Watts a step of POWER.</summary>
    internal double PowerStep => 25 * CurrentStep;

    /// <summary>Typical time between results, s.</summary>
    internal double UpdatePeriodSeconds { get; }

    /// <summary>|CURRENT| where the shunt voltage stands at the end of its scale.</summary>
    internal int CurrentAtFullScale => Math.Min(short.MaxValue, short.MaxValue * Calibration / 2048);

    /// <summary>Works the integers out. Throws <see cref="Measurement.ConfigurationException"/> where the chip cannot serve shunt and current.</summary>
    internal static Ina226Settings For(ShuntSettings shunt, MeterUri uri)
    {
        var fullScale = short.MaxValue * ShuntVoltageStep;
        if ((shunt.MaxCurrent * shunt.Shunt).Value > fullScale)
            throw uri.Error($"max-current x shunt is {(shunt.MaxCurrent * shunt.Shunt).Value * 1e3:0.###} mV; an ina226 takes {fullScale * 1e3:0.##} mV at most");
        var finest = shunt.MaxCurrent.Value / (1 << 15);
        // Rounded down: a smaller calibration is a larger step, so that max-current still fits. The hair keeps 2560 from being 2559.
        var calibration = Math.Floor(CalibrationConstant / (finest * shunt.Shunt.Value) + 1e-6);
        if (calibration < 1)
            throw uri.Error("max-current x shunt is beyond what an ina226 can be calibrated for");
        // A current below what the shunt's own step resolves gains nothing: the largest calibration is as fine as it gets.
        var code = (ushort)Math.Min(calibration, 0x7FFF);
        var period = Conversions.Averages[shunt.AverageCode] * 2e-6 * Conversions.MicroSeconds[shunt.ConversionTimeCode];
        const int ShuntAndBusContinuous = 7;
        var configuration = 0x4000 | shunt.AverageCode << 9 | shunt.ConversionTimeCode << 6 | shunt.ConversionTimeCode << 3 | ShuntAndBusContinuous;
        return new Ina226Settings((ushort)configuration, code, CalibrationConstant / (code * shunt.Shunt.Value), period);
    }
}
