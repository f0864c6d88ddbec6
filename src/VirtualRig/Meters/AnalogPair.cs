using MeterLab.VirtualRig.World;

namespace MeterLab.VirtualRig.Meters;

/// <summary>
/// One pair of analogue sensors of a PowerSensor3: a Hall current sensor around 1.65 V and a voltage divider, read by a 10-bit converter
/// of 3.3 V. What the configuration says and what the sensors do differ by the specimen's gains.
/// </summary>
internal sealed class AnalogPair
{
    private const double ReferenceVolts = 3.3;
    private const double FullScale = 1023;
    private static readonly (string Name, double VoltsPerAmpere)[] CurrentSensors =
        [("MLX10", 0.12), ("MLX20", 0.0625), ("MLX50", 0.025), ("MLX75", 0.0166)];

    private readonly IRail _rail;
    private readonly double _currentGain;
    private readonly double _voltageGain;
    private readonly double _noiseSteps;
    private readonly ulong _noise;

    /// <summary>Draws a pair whose power is within 1 %, with the smallest current sensor that carries <paramref name="maxAmperes"/>.</summary>
    public AnalogPair(string name, IRail rail, double maxAmperes, long seed, double gainLimit = 0.01, double noiseSteps = 1)
    {
        Name = name;
        _rail = rail;
        _noise = Noise.Seed(seed, "pair:" + name);
        _noiseSteps = noiseSteps;
        _currentGain = 1 + 0.7 * gainLimit * Noise.Symmetric(_noise, -1);
        _voltageGain = 1 + 0.3 * gainLimit * Noise.Symmetric(_noise, -2);
        (CurrentSensor, CurrentSensitivity) = CurrentSensors.FirstOrDefault(s => maxAmperes * s.VoltsPerAmpere < CurrentZeroVolts, CurrentSensors[^1]);
    }

    /// <summary>What it is clamped to.</summary>
    public string Name { get; }

    /// <summary>The type of the current sensor.</summary>
    public string CurrentSensor { get; }

    /// <summary>Volts per ampere, as configured.</summary>
    public double CurrentSensitivity { get; }

    /// <summary>Volts of the current sensor at 0 A.</summary>
    public static double CurrentZeroVolts => 1.65;

    /// <summary>Volts per volt of the divider, as configured.</summary>
    public static double VoltageGain => 0.0909;

    /// <summary>The two levels, 0 to 1023, of the mean over a window (host monotonic, ns).</summary>
    public (int Current, int Voltage) Sample(long fromNs, long toNs, long set)
    {
        var mean = _rail.Mean(fromNs, toNs);
        return (
            Level(CurrentZeroVolts + mean.Amperes * CurrentSensitivity * _currentGain, 2 * set),
            Level(mean.Volts * VoltageGain * _voltageGain, 2 * set + 1));
    }

    private int Level(double volts, long draw) =>
        (int)Math.Clamp(Math.Round(volts * FullScale / ReferenceVolts + _noiseSteps * Noise.Normal(_noise, draw)), 0, FullScale);
}
