namespace MeterLab.Storage.Campaigns;

/// <summary>How far a step is.</summary>
public enum StepState
{
    /// <summary>begun; where its session has ended, it was cut short</summary>
    Started,

    /// <summary>done</summary>
    Finished,

    /// <summary>ended by a failure; the detail says which</summary>
    Failed,
}

/// <summary>One step of a campaign, or of one of its runs.</summary>
public sealed record StepRecord
{
    /// <summary>In the order of starting.</summary>
    public long Id { get; init; }

    /// <summary>The campaign's id.</summary>
    public required string Campaign { get; init; }

    /// <summary>The run's id; null for a step of the campaign as a whole.</summary>
    public string? Run { get; init; }

    /// <summary>The writing process.</summary>
    public long Session { get; init; }

    /// <summary>Whether that is the process that has the store open for writing now; a started step of another session was cut short.</summary>
    public bool Current { get; init; }

    /// <summary>The boot of the lab host in which the ns of the lab's line were taken.</summary>
    public required string Boot { get; init; }

    /// <summary>preflight, baseline, workload …</summary>
    public required string Name { get; init; }

    /// <summary>How far it is.</summary>
    public StepState State { get; init; }

    /// <summary>Lab's line, ns.</summary>
    public long StartedNs { get; init; }

    /// <summary>UTC of the lab host, ns since 1970.</summary>
    public long StartedUtcNs { get; init; }

    /// <summary>Lab's line, ns; null while it is under way.</summary>
    public long? EndedNs { get; init; }

    /// <summary>UTC of the lab host, ns since 1970.</summary>
    public long? EndedUtcNs { get; init; }

    /// <summary>In words, or what the next process needs to take it up again.</summary>
    public string Detail { get; init; } = "";
}
