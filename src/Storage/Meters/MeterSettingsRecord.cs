namespace MeterLab.Storage.Meters;

/// <summary>When settings were read.</summary>
public enum SettingsMoment
{
    /// <summary>before a campaign</summary>
    Before,

    /// <summary>after it</summary>
    After,

    /// <summary>read back after they had been written</summary>
    Applied,
}

/// <summary>What a meter said it is and how it is set: part of the measurement.</summary>
public sealed record MeterSettingsRecord
{
    /// <summary>The campaign's id; null outside one.</summary>
    public string? Campaign { get; init; }

    /// <summary>The meter's name.</summary>
    public required string Meter { get; init; }

    /// <summary>When.</summary>
    public required SettingsMoment Moment { get; init; }

    /// <summary>UTC of the lab host, ns since 1970; given by the store.</summary>
    public long ReadUtcNs { get; init; }

    /// <summary>Vendor, model, serial, firmware, JSON.</summary>
    public required string Identity { get; init; }

    /// <summary>Setting to what was read, what is wanted, and whether that will do, JSON.</summary>
    public required string Settings { get; init; }
}
