using MeterLab.Measurement;

namespace MeterLab.Storage.Campaigns;

/// <summary>A finding, with what it is about.</summary>
public sealed record FindingRecord
{
    /// <summary>The campaign's id.</summary>
    public required string Campaign { get; init; }

    /// <summary>The run's id; null where it is about the whole campaign.</summary>
    public string? Run { get; init; }

    /// <summary>UTC of the lab host, ns since 1970.</summary>
    public long FoundUtcNs { get; init; }

    /// <summary>The rule's name.</summary>
    public required string Rule { get; init; }

    /// <summary>How much it matters.</summary>
    public required Severity Severity { get; init; }

    /// <summary>What was found.</summary>
    public required string Detail { get; init; }

    /// <summary>The finding alone.</summary>
    public Finding Finding => new(Rule, Severity, Detail);
}
