using MeterLab.MeterDrivers.Profiles;

namespace MeterLab.MeterDrivers.Settings;

/// <summary>A register that holds a setting.</summary>
/// <param name="Table">Holding or input registers.</param>
/// <param name="Address">The first register, as on the wire.</param>
/// <param name="Encoding">How the value is held.</param>
/// <param name="WriteFunction">6 or 16; null where it is not written.</param>
public sealed record SettingRegister(RegisterTable Table, ushort Address, RegisterEncoding Encoding, int? WriteFunction);
