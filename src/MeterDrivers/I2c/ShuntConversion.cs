using MeterLab.Measurement.Samples;

namespace MeterLab.MeterDrivers.I2c;

/// <summary>What one look at a shunt monitor found.</summary>
/// <param name="Ready">A conversion has ended since the last look.</param>
/// <param name="SettingsLost">The chip does not have the settings that were written: it lost its supply, or somebody else wrote.</param>
/// <param name="Power">Power code, signed as the current is.</param>
/// <param name="Energy">Energy register, or 0 where none was asked for.</param>
/// <param name="Flags">Of power.</param>
/// <param name="EnergyFlags">Of energy.</param>
internal readonly record struct ShuntConversion(
    bool Ready, bool SettingsLost, long Power, long Energy, SampleFlags Flags, SampleFlags EnergyFlags);
