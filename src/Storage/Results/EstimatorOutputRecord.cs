namespace MeterLab.Storage.Results;

/// <summary>A file that an estimator wrote, byte for byte.</summary>
public sealed record EstimatorOutputRecord
{
    /// <summary>Given by the store.</summary>
    public long Id { get; init; }

    /// <summary>The run's id.</summary>
    public required string Run { get; init; }

    /// <summary>The estimator's name.</summary>
    public required string Estimator { get; init; }

    /// <summary>Relative to the estimator's folder, with forward slashes.</summary>
    public required string Path { get; init; }

    /// <summary>Of the content, lower-case hexadecimal; worked out by the store.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>UTC of the lab host, ns since 1970; given by the store.</summary>
    public long FetchedUtcNs { get; init; }

    /// <summary>The bytes.</summary>
    public required ReadOnlyMemory<byte> Content { get; init; }
}
