namespace MeterLab.MeterDrivers;

/// <summary>What a meter says it is. A field is null where this model does not tell.</summary>
public sealed record MeterIdentity(string Vendor, string? Model = null, string? Serial = null, string? Firmware = null)
{
    /// <summary>Settings that a figure depends on (ranges, update rate), as the meter told them; null where it tells none. They must not change within a run.</summary>
    public string? Settings { get; init; }

    /// <summary>Whether the meter chooses its range by itself, so that values are missing while it changes over.</summary>
    public bool AutoRange { get; init; }
}
