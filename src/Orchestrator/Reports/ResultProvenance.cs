namespace MeterLab.Orchestrator.Reports;

/// <summary>What a report's figures were worked out from, down to the rows of the store.</summary>
public sealed record ResultProvenance
{
    /// <summary>The row of the results that the report shows.</summary>
    public long? ResultId { get; init; }

    /// <summary>The version of the program that worked them out.</summary>
    public string? CodeVersion { get; init; }

    /// <summary>The clock maps by target: what laid the runs on the lab's line.</summary>
    public IReadOnlyList<ClockProvenance> Clocks { get; init; } = [];

    /// <summary>The raw samples behind the runs that the report lists.</summary>
    public IReadOnlyList<TraceProvenance> Traces { get; init; } = [];
}
