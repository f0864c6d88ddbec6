namespace MeterLab.Storage.Meters;

/// <summary>Something that happened on a meter's wire.</summary>
public sealed record MeterEventRecord
{
    /// <summary>The meter's name.</summary>
    public required string Meter { get; init; }

    /// <summary>retry, lost, disconnected …</summary>
    public required string Kind { get; init; }

    /// <summary>When, on the lab's line, ns.</summary>
    public long HostNs { get; init; }

    /// <summary>In words.</summary>
    public required string Detail { get; init; }
}
