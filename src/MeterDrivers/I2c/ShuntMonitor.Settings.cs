using MeterLab.MeterDrivers.Settings;

namespace MeterLab.MeterDrivers.I2c;

/// <summary>The settings of a chip: what its address asks for (averages, conversion times, ranges, calibration), as registers.</summary>
internal abstract partial class ShuntMonitor
{
    private const string SettingMeaning = "averages, conversion times, range or calibration, as the options of the address ask for; opening the meter writes it";

    /// <inheritdoc/>
    public Task<IReadOnlyList<MeterSetting>> ReadSettingsAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<MeterSetting>>([.. _settings.Select(Read)]);
    }

    /// <inheritdoc/>
    public Task WriteSettingAsync(string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_settings.Any(setting => NameOf(setting) == name))
            throw new ArgumentException($"There is no setting '{name}' that can be written.", nameof(name));
        // One depends on the other, and the last starts the conversion: they are written in their order.
        Apply();
        return Task.CompletedTask;
    }

    private MeterSetting Read(RegisterSetting setting)
    {
        var value = Registers.ReadUInt16(setting.Register) & setting.Mask;
        var wanted = setting.Value & setting.Mask;
        return new MeterSetting(NameOf(setting), $"0x{value:X4}", $"0x{wanted:X4}", value == wanted, CanWrite: true, SettingMeaning);
    }

    private static string NameOf(RegisterSetting setting) => $"register-0x{setting.Register:x2}";
}
