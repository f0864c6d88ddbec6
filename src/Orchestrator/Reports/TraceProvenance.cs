namespace MeterLab.Orchestrator.Reports;

/// <summary>Where in the store the raw samples behind the energy of one run on one channel lie.</summary>
public sealed record TraceProvenance
{
    /// <summary>The run.</summary>
    public required string Run { get; init; }

    /// <summary>meter/channel.</summary>
    public required string Channel { get; init; }

    /// <summary>The trace's id.</summary>
    public required long Trace { get; init; }

    /// <summary>First chunk that touches the run's window.</summary>
    public required long FirstChunk { get; init; }

    /// <summary>Last chunk that does.</summary>
    public required long LastChunk { get; init; }

    /// <summary>How many chunks there are between the two, both included; fewer than their numbers say where some are missing.</summary>
    public required int Chunks { get; init; }

    /// <summary>Samples in them.</summary>
    public required long Samples { get; init; }

    /// <summary>SHA-256 over the chunks' numbers and CRC-32C sums, lower-case hexadecimal.</summary>
    public required string Digest { get; init; }

    /// <summary>Of the meter profile that turned registers into codes; null for a chip in code.</summary>
    public string? ProfileSha256 { get; init; }
}
