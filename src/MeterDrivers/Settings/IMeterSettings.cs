namespace MeterLab.MeterDrivers.Settings;

/// <summary>A meter that tells how it is set. Calls do not overlap with others of the meter.</summary>
public interface IMeterSettings : IMeter
{
    /// <summary>Reads every setting that is known of the model; none where there is no settings profile. Throws <see cref="LinkException"/>.</summary>
    Task<IReadOnlyList<MeterSetting>> ReadSettingsAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Writes what is wanted of one setting; read it back afterwards. Throws <see cref="LinkException"/>, <see cref="MeterException"/> where the meter
    /// refuses, and <see cref="ArgumentException"/> for a setting that cannot be written.
    /// </summary>
    Task WriteSettingAsync(string name, CancellationToken cancellationToken);
}
