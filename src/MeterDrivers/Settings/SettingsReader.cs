namespace MeterLab.MeterDrivers.Settings;

/// <summary>Reads and writes the settings of a profile over whatever wire the meter has.</summary>
internal static class SettingsReader
{
    /// <summary>All settings. One that the meter refuses to tell is there without a value.</summary>
    /// <param name="rules">The profile.</param>
    /// <param name="read">Reads one.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<IReadOnlyList<MeterSetting>> ReadAsync(
        IReadOnlyList<SettingRule> rules, Func<SettingRule, CancellationToken, Task<string>> read, CancellationToken cancellationToken)
    {
        var settings = new List<MeterSetting>();
        foreach (var rule in rules)
        {
            string? value = null;
            try
            {
                value = await read(rule, cancellationToken).ConfigureAwait(false);
            }
            catch (MeterException e) when (e.Failure == MeterFailure.Refused)
            {
                // Some firmware has no such setting; nothing is said for it then.
            }

            settings.Add(new MeterSetting(rule.Name, value, rule.Want, rule.Accepts(value), rule.CanWrite, rule.Meaning));
        }

        return settings;
    }

    /// <summary>The rule of a setting that can be written. Throws <see cref="ArgumentException"/> for another.</summary>
    public static SettingRule Writable(IReadOnlyList<SettingRule> rules, string name) =>
        rules.FirstOrDefault(rule => rule.Name == name && rule.CanWrite) ?? throw new ArgumentException($"There is no setting '{name}' that can be written.", nameof(name));
}
