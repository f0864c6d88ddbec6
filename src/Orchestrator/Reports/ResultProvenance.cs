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

/// <summary>What a target's clock was fitted from.</summary>
/// <param name="Target">The target.</param>
/// <param name="MapId">The stored map; null where the fit is made from the probes whenever results are worked out.</param>
/// <param name="Probes">How many probes of its clock there are.</param>
/// <param name="FirstProbe">Id of the first; null without probes.</param>
/// <param name="LastProbe">Id of the last.</param>
public sealed record ClockProvenance(string Target, long? MapId, int Probes, long? FirstProbe, long? LastProbe);
