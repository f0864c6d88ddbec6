using System.Text.Json.Serialization;

using MeterLab.Measurement.Uncertainty;

namespace MeterLab.Orchestrator.Reports;

/// <summary>
/// <c>results.json</c> of a campaign (contract, section 5): names fixed there, SI units, times in UTC as ISO 8601, a missing figure
/// is null and has a finding. <c>uncertainty…</c> is expanded with the neighbouring k; <c>u…</c> is standard.
/// </summary>
public sealed record CampaignResults
{
    public required string Campaign { get; init; }
    public required string Id { get; init; }
    public required string Started { get; init; }
    public string? Ended { get; init; }
    public required string Rig { get; init; }
    public required string MeterlabVersion { get; init; }
    public double TolerancePct { get; init; } = 5;
    public long? Seed { get; init; }
    public required IReadOnlyList<RunResult> Runs { get; init; }
    public IReadOnlyList<SummaryRow> Summary { get; init; } = [];
    public IReadOnlyList<CalibrationRow> Calibration { get; init; } = [];
    public IReadOnlyList<FindingRow> Findings { get; init; } = [];
}

/// <summary>One run.</summary>
public sealed record RunResult
{
    public required string Run { get; init; }
    public required string Target { get; init; }
    public required string Workload { get; init; }
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }
    public required int Repetition { get; init; }
    /// <summary>passed failed error timed-out aborted</summary>
    public required string Outcome { get; init; }
    public required bool Valid { get; init; }
    public string? Start { get; init; }
    public string? End { get; init; }
    public double? DurationS { get; init; }
    public int? ExitCode { get; init; }
    public MeterResult? Meter { get; init; }
    public IReadOnlyList<MeterResult> Meters { get; init; } = [];
    public StaticResult? Static { get; init; }
    public IReadOnlyList<EstimatorResult> Estimators { get; init; } = [];
    public ClockResult? Clock { get; init; }
    public required OverheadResult Overhead { get; init; }
    public IReadOnlyList<FindingRow> Findings { get; init; } = [];
}

/// <summary>The energy of a run on the meters of one scope.</summary>
public sealed record MeterResult
{
    public required string Meter { get; init; }
    public required string Channel { get; init; }
    public required string Scope { get; init; }
    public double? EnergyJ { get; init; }
    public double? UncertaintyJ { get; init; }
    public double K { get; init; } = 2;
    public double Coverage { get; init; }
    public double? LongestGapS { get; init; }
    public IReadOnlyList<BudgetRow> Budget { get; init; } = [];
    /// <summary>truth, or check for a second meter in series that is compared and not used.</summary>
    public string Role { get; init; } = "truth";
    /// <summary>Filled by the virtual rig only, after everything else is computed; nothing reads it.</summary>
    public double? TruthJ { get; init; }
}

/// <summary>One source of uncertainty, standard, J.</summary>
public sealed record BudgetRow(string Source, [property: JsonPropertyName("u_j")] double UJ, string Kind)
{
    /// <summary>The rows of a budget, largest first.</summary>
    public static IReadOnlyList<BudgetRow> Of(UncertaintyBudget budget)
    {
        ArgumentNullException.ThrowIfNull(budget);
        return [.. budget.Components.Select(c => new BudgetRow(c.Source, c.StandardJ, c.Kind == ComponentKind.Systematic ? "systematic" : "random"))];
    }
}

/// <summary>The machine's own idle share.</summary>
public sealed record StaticResult(double StaticW, double EnergyJ, double? UncertaintyW = null);

/// <summary>What an estimator said, and how far off it was.</summary>
public sealed record EstimatorResult
{
    public required string Estimator { get; init; }
    public string? Version { get; init; }
    public double? EnergyJ { get; init; }
    public IReadOnlyDictionary<string, double> ComponentsJ { get; init; } = new Dictionary<string, double>();
    public required IReadOnlyList<string> Scope { get; init; }
    public string? ComparedWith { get; init; }
    public double? ErrorPct { get; init; }
    public double? ErrorUncertaintyPct { get; init; }
    public double K { get; init; } = 2;
    /// <summary>agree, differ or inconclusive</summary>
    public required string Verdict { get; init; }
    public IReadOnlyList<FindingRow> Findings { get; init; } = [];
}

/// <summary>How well the time lines agree; seconds, expanded uncertainties.</summary>
public sealed record ClockResult
{
    public double? OffsetS { get; init; }
    public double? UncertaintyS { get; init; }
    public double? RatePpm { get; init; }
    public double? RateUncertaintyPpm { get; init; }
    public double? MeterLagS { get; init; }
    public double? MeterLagUncertaintyS { get; init; }
    public double K { get; init; } = 2;
}

/// <summary>What MeterLab itself cost the target in the run.</summary>
public sealed record OverheadResult(double? CpuS);

/// <summary>A finding as JSON has it: severity note, warning or invalid.</summary>
public sealed record FindingRow(string Rule, string Severity, string Detail);

/// <summary>Errors of one estimator over one group of runs, percent.</summary>
public sealed record SummaryRow
{
    public required string Group { get; init; }
    public required string Estimator { get; init; }
    public required int N { get; init; }
    public double? BiasPct { get; init; }
    [JsonPropertyName("bias_ci95_pct")]
    public IReadOnlyList<double>? BiasCi95Pct { get; init; }
    public double? SdPct { get; init; }
    public IReadOnlyList<double>? LimitsOfAgreementPct { get; init; }
    public double? MaePct { get; init; }
    public double? MinPct { get; init; }
    public double? MedianPct { get; init; }
    public double? MaxPct { get; init; }
}

/// <summary>The correction of one estimator on one target in one kind of work.</summary>
public sealed record CalibrationRow
{
    public string? Target { get; init; }
    public required string Group { get; init; }
    public required string Estimator { get; init; }
    public double? Gain { get; init; }
    public double? GainUncertainty { get; init; }
    public double? UnseenStaticW { get; init; }
    public double? UnseenStaticUncertaintyW { get; init; }
    /// <summary>The factor by which both uncertainties are expanded; null where they are.</summary>
    public double? K { get; init; }
    /// <summary>Standard (k = 1), of gain and unseen static power in that order.</summary>
    public IReadOnlyList<IReadOnlyList<double>>? Covariance { get; init; }
    public string? CrossValidation { get; init; }
    public double? MaePctBefore { get; init; }
    public double? MaePctAfter { get; init; }
    public double? MedianAbsPctAfter { get; init; }
    public double? MeterFloorPct { get; init; }
}
