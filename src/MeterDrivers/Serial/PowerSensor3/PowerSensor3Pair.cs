using MeterLab.Measurement.Samples;

namespace MeterLab.MeterDrivers.Serial.PowerSensor3;

/// <summary>A current sensor and the voltage sensor beside it: one channel, ch1 to ch4.</summary>
internal sealed record PowerSensor3Pair(int Index, PowerSensor3Sensor Current, PowerSensor3Sensor Voltage)
{
    private const int LevelBits = 10;

    // Divisions that would otherwise be done for every set.
    private readonly double _amperesALevel = Current.Scale;
    private readonly double _amperesAtZero = Current.Offset;
    private readonly double _voltsALevel = Voltage.Scale;
    private readonly double _voltsAtZero = Voltage.Offset;

    /// <summary>ch1 …</summary>
    internal string Channel { get; } = $"ch{Index + 1}";

    /// <summary>How <see cref="CodeOf"/> becomes watts.</summary>
    internal PairProductScale Scale { get; } = new(Current.Scale, Current.Offset, Voltage.Scale, Voltage.Offset, LevelBits);

    /// <summary>Both levels in one code: voltage above, current below. Nothing that the device said is lost.</summary>
    internal long CodeOf(ReadOnlySpan<ushort> levels) => (long)levels[2 * Index + 1] << LevelBits | levels[2 * Index];

    /// <summary>A.</summary>
    internal double AmperesOf(ReadOnlySpan<ushort> levels) => levels[2 * Index] * _amperesALevel + _amperesAtZero;

    /// <summary>V.</summary>
    internal double VoltsOf(ReadOnlySpan<ushort> levels) => levels[2 * Index + 1] * _voltsALevel + _voltsAtZero;

    /// <summary>Whether a level stands at the end of the converter's scale. A voltage of 0 is a rail that is off.</summary>
    internal SampleFlags FlagsOf(ReadOnlySpan<ushort> levels) =>
        levels[2 * Index] is 0 or PowerSensor3Sensor.FullScale || levels[2 * Index + 1] == PowerSensor3Sensor.FullScale
            ? SampleFlags.Overflow
            : SampleFlags.None;

    /// <summary>The pairs whose sensors are both in use and soundly configured.</summary>
    internal static PowerSensor3Pair[] Of(IReadOnlyList<PowerSensor3Sensor> sensors) =>
        [.. Enumerable.Range(0, sensors.Count / 2)
            .Select(i => new PowerSensor3Pair(i, sensors[2 * i], sensors[2 * i + 1]))
            .Where(pair => pair.Current is { InUse: true, IsSound: true } && pair.Voltage is { InUse: true, IsSound: true })];
}
