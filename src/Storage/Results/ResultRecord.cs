namespace MeterLab.Storage.Results;

/// <summary>A document that was worked out from stored rows, with what it was worked out from.</summary>
public sealed record ResultRecord
{
    /// <summary>Given by the store.</summary>
    public long Id { get; init; }

    /// <summary>The campaign's id.</summary>
    public required string Campaign { get; init; }

    /// <summary>campaign-results, calibration …</summary>
    public required string Kind { get; init; }

    /// <summary>UTC of the lab host, ns since 1970; given by the store.</summary>
    public long CreatedUtcNs { get; init; }

    /// <summary>The version of the code that worked it out; given by the store.</summary>
    public string CodeVersion { get; init; } = "";

    /// <summary>JSON: ids and hashes of what went in (traces, clock maps, profiles, estimator files).</summary>
    public required string Inputs { get; init; }

    /// <summary>The document, JSON.</summary>
    public required string Document { get; init; }
}
