using MeterLab.MeterDrivers.Settings;

namespace MeterLab.MeterDrivers.Serial.PowerSensor3;

/// <summary>
/// The configuration of the sensors as settings: <c>sensor-0</c> to <c>sensor-7</c>. What is wanted of them is this specimen's own and comes from the file
/// that the address names; without one they are only recorded.
/// </summary>
internal sealed partial class PowerSensor3Meter
{
    private const string CurrentMeaning = "the current sensor of a pair: reference (V) and sensitivity (V/A, its sign is the polarity) make amperes of its levels; not in use, the pair is not measured";
    private const string VoltageMeaning = "the voltage sensor of a pair: reference (V) and sensitivity (V/V) make volts of its levels; not in use, the pair is not measured";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<MeterSetting>> ReadSettingsAsync(CancellationToken cancellationToken)
    {
        var port = await EnsureOpenAsync(cancellationToken).ConfigureAwait(false);
        return Settings(await port.ConfigurationAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The device takes all its sensors at once: all that are wrong are written with the one that is asked for. What it measures means something else then:
    /// it has to be opened anew to be read.
    /// </remarks>
    public async Task WriteSettingAsync(string name, CancellationToken cancellationToken)
    {
        var port = await EnsureOpenAsync(cancellationToken).ConfigureAwait(false);
        var found = await port.ConfigurationAsync(cancellationToken).ConfigureAwait(false);
        var settings = Settings(found);
        if (!settings.Exists(setting => setting.Name == name && setting.CanWrite))
            throw new ArgumentException($"There is no setting '{name}' that can be written.", nameof(name));
        if (settings.TrueForAll(setting => setting.IsRight))
            return;
        (_pairs, _sensors) = ([], []);
        await port.ConfigureAsync([.. found.Select(Wanted)], cancellationToken).ConfigureAwait(false);
    }

    private PowerSensor3Sensor Wanted(PowerSensor3Sensor found, int number) => _options.Wanted?[number]?.Applied(found) ?? found;

    private List<MeterSetting> Settings(IReadOnlyList<PowerSensor3Sensor> sensors) =>
    [
        .. sensors.Select((sensor, i) =>
        {
            var named = _options.Wanted?[i] is not null;
            var wanted = Wanted(sensor, i);
            return new MeterSetting($"sensor-{i}", sensor.ToString(), named ? wanted.ToString() : null, sensor == wanted, named, i % 2 == 0 ? CurrentMeaning : VoltageMeaning);
        }),
    ];
}
