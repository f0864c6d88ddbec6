using System.Device.I2c;

using MeterLab.Measurement.Clocks;

namespace MeterLab.MeterDrivers;

/// <summary>What drivers need from the world around them; made once where the program is composed.</summary>
public sealed record MeterEnvironment
{
    /// <summary>The lab host's clocks: brackets every exchange.</summary>
    public required IHostClock Clock { get; init; }

    /// <summary>Delays and deadlines.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The folder of meter profiles: <c>firmware-configs/meters</c>.</summary>
    public required string ProfileDirectory { get; init; }

    /// <summary>The folder of settings profiles; beside the meter profiles unless it is given.</summary>
    public string SettingsDirectory { get => field ?? Path.Combine(ProfileDirectory, "..", "settings"); init; }

    /// <summary>Where the kernel shows what it monitors; a test gives a folder of its own.</summary>
    public string HwmonDirectory { get; init; } = "/sys/class/hwmon";

    /// <summary>Where the kernel shows its industrial input and output; a test gives a folder of its own.</summary>
    public string IioDirectory { get; init; } = "/sys/bus/iio/devices";

    /// <summary>Where the kernel shows which of its drivers has which chip on I2C; a test gives a folder of its own.</summary>
    public string I2cDirectory { get; init; } = "/sys/bus/i2c/devices";

    /// <summary>Opens an I2C bus by number. The virtual rig gives its own; hardware takes <see cref="I2cBus.Create"/>. Buses are shared and opened once.</summary>
    public Func<int, I2cBus> OpenI2cBus { get; init; } = I2cBus.Create;
}
