namespace MeterLab.MeterDrivers;

/// <summary>What a meter says it is. A field is null where this model does not tell.</summary>
public sealed record MeterIdentity(string Vendor, string? Model = null, string? Serial = null, string? Firmware = null);
