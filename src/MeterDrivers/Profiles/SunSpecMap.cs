namespace MeterLab.MeterDrivers.Profiles;

/// <summary>A map whose registers lie in a block that is found by walking a device's chain of SunSpec models.</summary>
/// <param name="Model">The block's number: 203 for a three-phase wye meter with integers.</param>
/// <param name="Bases">Where the chain may begin, in the order in which they are tried.</param>
public sealed record SunSpecMap(ushort Model, IReadOnlyList<ushort> Bases);
