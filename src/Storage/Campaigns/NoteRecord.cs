namespace MeterLab.Storage.Campaigns;

/// <summary>What a note does.</summary>
public enum NoteKind
{
    /// <summary>it says something</summary>
    Note,

    /// <summary>it takes the run out of summaries; raw data stays</summary>
    Exclude,

    /// <summary>it takes the run in again</summary>
    Include,
}

/// <summary>What a person said of a run.</summary>
public sealed record NoteRecord
{
    /// <summary>The run's id.</summary>
    public required string Run { get; init; }

    /// <summary>What it does.</summary>
    public required NoteKind Kind { get; init; }

    /// <summary>Who wrote it.</summary>
    public required string Author { get; init; }

    /// <summary>UTC of the lab host, ns since 1970.</summary>
    public long WrittenUtcNs { get; init; }

    /// <summary>What they said, or the reason.</summary>
    public required string Text { get; init; }
}
