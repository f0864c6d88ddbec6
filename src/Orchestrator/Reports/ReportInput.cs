namespace MeterLab.Orchestrator.Reports;

/// <summary>Everything a report shows. Rendering is a pure function of it, so an old report can be drawn again from the store.</summary>
public sealed record ReportInput
{
    /// <summary>The campaign as results.json has it.</summary>
    public required CampaignResults Results { get; init; }

    /// <summary>The traces to draw, in the order of the runs; <see cref="TraceSelection"/> says which are worth loading.</summary>
    public IReadOnlyList<PowerTracePlot> Traces { get; init; } = [];

    /// <summary>Idle powers of the campaign's targets, the oldest first.</summary>
    public IReadOnlyList<BaselinePoint> Baselines { get; init; } = [];

    /// <summary>What was said when the raw samples were removed; null where they are there.</summary>
    public string? Pruned { get; init; }

    /// <summary>Where the raw data lies; null where the report is drawn without a store.</summary>
    public ResultProvenance? Provenance { get; init; }
}
