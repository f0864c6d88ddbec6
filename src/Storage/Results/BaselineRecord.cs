namespace MeterLab.Storage.Results;

/// <summary>A target's idle power as it was measured.</summary>
public sealed record BaselineRecord
{
    /// <summary>Given by the store.</summary>
    public long Id { get; init; }

    /// <summary>The campaign that measured it; null where it was measured by hand.</summary>
    public string? Campaign { get; init; }

    /// <summary>The target's name.</summary>
    public required string Target { get; init; }

    /// <summary>wall-ac …</summary>
    public required string Scope { get; init; }

    /// <summary>UTC of the lab host, ns since 1970.</summary>
    public required long MeasuredUtcNs { get; init; }

    /// <summary>Until when it counts; null where nothing limits it.</summary>
    public long? ValidUntilUtcNs { get; init; }

    /// <summary>The machine's own idle power, W.</summary>
    public required double StaticW { get; init; }

    /// <summary>Its standard uncertainty (k = 1), W.</summary>
    public required double StandardUncertaintyW { get; init; }

    /// <summary>Of the target: another one makes the baseline another machine's.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Everything else, JSON (contract, section 5, baseline measure).</summary>
    public string Document { get; init; } = "{}";
}
