namespace MeterLab.Storage.Traces;

/// <summary>The raw samples of one campaign, or of one trace that belongs to none.</summary>
public sealed record RawShare
{
    /// <summary>The campaign's id; null for a trace outside one.</summary>
    public string? Campaign { get; init; }

    /// <summary>The trace's id, the first of a campaign's.</summary>
    public long Trace { get; init; }

    /// <summary>How many traces.</summary>
    public long Traces { get; init; }

    /// <summary>Their chunks.</summary>
    public long Chunks { get; init; }

    /// <summary>Their samples.</summary>
    public long Samples { get; init; }

    /// <summary>Bytes of their payload; the file holds a little more.</summary>
    public long Bytes { get; init; }

    /// <summary>When the process that recorded the first of them opened the store, UTC, ns since 1970.</summary>
    public long RecordedUtcNs { get; init; }
}
