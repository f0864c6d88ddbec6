using MeterLab.Measurement.Samples;

namespace MeterLab.MeterDrivers.I2c;

/// <summary>What one look at a shunt monitor found.</summary>
/// <param name="Ready">A conversion has ended since the last look.</param>
/// <param name="SettingsLost">The chip does not have the settings that were written: it lost its supply, or somebody else wrote.</param>
/// <param name="Missed">Conversions between this one and the last one looked at, where the chip counts them.</param>
internal readonly record struct Conversion(bool Ready, bool SettingsLost, long Missed = 0);

/// <summary>A code of one trace.</summary>
internal record struct TraceCode(long Code, SampleFlags Flags);
