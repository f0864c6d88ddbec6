using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.MeterDrivers.I2c;

/// <summary>
/// A calibration register and the current step that it makes. Two kinds of chip: those that multiply (CURRENT = SHUNT x CAL / divisor: a
/// larger CAL is a finer step) and those that divide (CURRENT = VSHUNT x 4096 / SHUNT_CAL: a larger one is a coarser step).
/// </summary>
/// <param name="Register">What to write.</param>
/// <param name="CurrentStep">Amperes a step of CURRENT, from what is written.</param>
internal readonly record struct ShuntCalibration(ushort Register, double CurrentStep)
{
    private const int DividendOfSteps = 4096;
    private const ushort AfterReset = 0x1000;

    // Keeps 2560 from being 2559 and 4050 from being 4051.
    private const double Hair = 1e-6;

    /// <summary>For a chip that multiplies: rounded down to a multiple of <paramref name="grain"/>, so that max-current still fits 15 bits and a sign.</summary>
    internal static ShuntCalibration Multiplying(MeterUri uri, ShuntSettings shunt, double shuntStep, int divisor, int largest, int grain = 1)
    {
        var finest = Step(uri, shunt, 16);
        var constant = shuntStep * divisor / shunt.Shunt.Value;
        // Where the current is below what the shunt's own step resolves, the largest calibration is as fine as it gets.
        var register = (int)Math.Min(Math.Floor(constant / finest + Hair), largest) / grain * grain;
        return register >= 1
            ? new ShuntCalibration((ushort)register, constant / register)
            : throw uri.Error("max-current x shunt is beyond what the chip can be calibrated for");
    }

    /// <summary>For a chip that divides, with <paramref name="bits"/> bits of current; never the value after a reset, so that a lost supply shows.</summary>
    internal static ShuntCalibration Dividing(MeterUri uri, ShuntSettings shunt, double shuntStep, int bits)
    {
        const int Largest = 0x7FFF;
        var constant = shuntStep / DividendOfSteps / shunt.Shunt.Value;
        var finest = Step(uri, shunt, bits);
        // Rounded up: a larger step, so that max-current still fits.
        var register = (int)Math.Clamp(Math.Ceiling(finest / constant - Hair), 1, Largest);
        if (register == AfterReset)
            register++;
        return new ShuntCalibration((ushort)register, constant * register);
    }

    /// <summary>|CURRENT| at the end of the converter's scale in a chip that multiplies.</summary>
    internal long MultiplyingLimit(int fullScale, int divisor) => Math.Min(short.MaxValue, (long)fullScale * Register / divisor);

    /// <summary>|CURRENT| at the end of the converter's scale in a chip that divides.</summary>
    internal long DividingLimit(int bits)
    {
        var largest = (1L << (bits - 1)) - 1;
        return Math.Min(largest, largest * DividendOfSteps / Register);
    }

    /// <summary>The step that is aimed at, A: the finest that max-current allows, or a coarser one that the address asks for.</summary>
    private static double Step(MeterUri uri, ShuntSettings shunt, int bits)
    {
        var finest = shunt.MaxCurrent.Value / (1 << (bits - 1));
        if (uri.Quantity("current-step", Dimension.Current) is not { } asked)
            return finest;
        return asked >= finest * (1 - 1e-9)
            ? asked
            : throw uri.Error($"current-step: max-current fits {bits} bits with {finest * 1e6:0.###}uA or more");
    }

    /// <summary>Throws <see cref="ConfigurationException"/> where max-current x shunt goes beyond what the converter takes.</summary>
    internal static void CheckFits(MeterUri uri, ShuntSettings shunt, double fullScaleVolts, string where)
    {
        var largest = (shunt.MaxCurrent * shunt.Shunt).Value;
        if (largest > fullScaleVolts * (1 + 1e-9))
            throw uri.Error($"max-current x shunt is {largest * 1e3:0.###} mV; an {uri.Model} takes {fullScaleVolts * 1e3:0.##} mV {where}");
    }
}
