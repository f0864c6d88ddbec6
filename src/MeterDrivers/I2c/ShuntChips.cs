using MeterLab.MeterDrivers.I2c.Ina219;
using MeterLab.MeterDrivers.I2c.Ina226;
using MeterLab.MeterDrivers.I2c.Ina228;
using MeterLab.MeterDrivers.I2c.Ina233;
using MeterLab.MeterDrivers.I2c.Ina3221;

namespace MeterLab.MeterDrivers.I2c;

/// <summary>Every model of shunt monitor on I2C that this program knows.</summary>
internal static class ShuntChips
{
    /// <summary>By name.</summary>
    internal static IReadOnlyList<ShuntChip> All { get; } =
        [.. Ina219Family.Chips, .. Ina226Family.Chips, .. Ina228Family.Chips, Ina233Meter.Chip, Ina3221Meter.Chip];
}
