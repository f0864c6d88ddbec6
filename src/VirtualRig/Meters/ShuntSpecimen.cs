using MeterLab.VirtualRig.World;

namespace MeterLab.VirtualRig.Meters;

/// <summary>One specimen of a shunt monitor with its shunt: what it really is, as against what is printed on it.</summary>
public sealed record ShuntSpecimen
{
    /// <summary>The shunt's true resistance, ohm.</summary>
    public required double ShuntOhms { get; init; }

    /// <summary>Gain of the shunt channel; 1 is perfect.</summary>
    public double ShuntGain { get; init; } = 1;

    /// <summary>Offset of the shunt channel, V.</summary>
    public double ShuntOffsetVolts { get; init; }

    /// <summary>Gain of the bus channel.</summary>
    public double BusGain { get; init; } = 1;

    /// <summary>Offset of the bus channel, V.</summary>
    public double BusOffsetVolts { get; init; }

    /// <summary>How much the chip's oscillator runs fast (0.005 is 0.5 %): shorter conversions, more energy in the accumulators.</summary>
    public double OscillatorError { get; init; }

    /// <summary>Standard deviation of one conversion, in steps of the converter.</summary>
    public double NoiseSteps { get; init; }

    /// <summary>Seed of the noise.</summary>
    public long Seed { get; init; }

    /// <summary>An INA226 within its limits (SBOS547B: gain 0.1 %, 10 uV, bus 0.1 %, 7.5 mV) on a shunt within its own.</summary>
    public static ShuntSpecimen Ina226(double shuntOhms, double shuntTolerance, string name, long seed) =>
        Draw(shuntOhms, shuntTolerance, name, seed, gain: 1e-3, shuntOffset: 10e-6, busOffset: 7.5e-3, oscillator: 0.01);

    /// <summary>An INA228 within its limits (SLYS021A: gain 0.05 %, 1 uV, oscillator 0.5 %) on a shunt within its own.</summary>
    public static ShuntSpecimen Ina228(double shuntOhms, double shuntTolerance, string name, long seed) =>
        Draw(shuntOhms, shuntTolerance, name, seed, gain: 5e-4, shuntOffset: 1e-6, busOffset: 1e-3, oscillator: 0.005);

    private static ShuntSpecimen Draw(
        double shuntOhms, double shuntTolerance, string name, long seed, double gain, double shuntOffset, double busOffset, double oscillator)
    {
        var draws = Noise.Seed(seed, "shunt:" + name);
        return new ShuntSpecimen
        {
            ShuntOhms = shuntOhms * (1 + shuntTolerance * Noise.Symmetric(draws, 0)),
            ShuntGain = 1 + gain * Noise.Symmetric(draws, 1),
            ShuntOffsetVolts = shuntOffset * Noise.Symmetric(draws, 2),
            BusGain = 1 + gain * Noise.Symmetric(draws, 3),
            BusOffsetVolts = busOffset * Noise.Symmetric(draws, 4),
            OscillatorError = oscillator * Noise.Symmetric(draws, 5),
            NoiseSteps = 0.5,
            Seed = (long)draws,
        };
    }
}
