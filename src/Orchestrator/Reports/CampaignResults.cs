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
    /// <summary>The same figures by target, workload, model family, device and estimator version: <see cref="SummaryRow.By"/> says which.</summary>
    public IReadOnlyList<SummaryRow> Breakdown { get; init; } = [];
    public IReadOnlyList<CalibrationRow> Calibration { get; init; } = [];
    /// <summary>What estimators cost in joules, from runs with and without (<c>isolate: true</c>); empty where there were no runs without.</summary>
    public IReadOnlyList<OverheadRow> Overhead { get; init; } = [];
    /// <summary>What estimators claimed of targets at rest, for as long as the baseline took.</summary>
    public IReadOnlyList<IdleClaimRow> EstimatorsAtIdle { get; init; } = [];
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
    /// <summary>cpu, gpu or all: what static estimators count; null where nobody said.</summary>
    public string? Device { get; init; }
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
    /// <summary>CO2 equivalent of the run's meter; null where the rig file tells no grid intensity.</summary>
    public CarbonResult? Carbon { get; init; }
    /// <summary>Every validity rule with its figures, those that hold included.</summary>
    public IReadOnlyList<Validity.RuleRow> Rules { get; init; } = [];
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
    /// <summary>The estimator's own duration, s; null where it does not tell.</summary>
    public double? DurationS { get; init; }
    public double? ErrorPct { get; init; }
    public double? ErrorUncertaintyPct { get; init; }
    public double K { get; init; } = 2;
    /// <summary>How much of the error the meter could make by itself: its uncertainty over the error, at most 100 %.</summary>
    public double? MeterExplainsPct { get; init; }
    /// <summary>The error taken apart by the calibration; null where there is none.</summary>
    public ErrorParts? Parts { get; init; }
    /// <summary>CPU seconds that running it cost the target in this run; null where nothing runs there, or its record was lost.</summary>
    public double? OverheadCpuS { get; init; }
    /// <summary>Joules that running it costs, from the campaign's runs with and without; null where there were none without.</summary>
    public double? OverheadJ { get; init; }
    public double? OverheadUncertaintyJ { get; init; }
    /// <summary>Joules of its CPU seconds in this run by what a busy processor draws, with their uncertainty (k = 2): an estimate, not measured.</summary>
    public double? OverheadEstimateJ { get; init; }
    public double? OverheadEstimateUncertaintyJ { get; init; }
    /// <summary>Its energy by the same grid intensity as the meter's, g of CO2 equivalent.</summary>
    public double? CarbonG { get; init; }
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
    /// <summary>Whether the target says that its clock is synchronised, and the service that says so; null where none does.</summary>
    public bool? Synchronised { get; init; }
    public string? SynchronisedBy { get; init; }
    public double K { get; init; } = 2;
}

/// <summary>
/// What MeterLab itself cost the target in the run: CPU seconds of supervisor and probes; of the probes' helper alone; and those in percent of
/// one core over the time in which they were spent; and what the estimators beside the run cost, all together.
/// </summary>
public sealed record OverheadResult(double? CpuS, double? ProbeCpuS = null, double? ProbeCorePct = null, double? EstimatorsCpuS = null)
{
    /// <summary>
    /// Joules of <see cref="CpuS"/> by what a busy processor of this machine draws: an estimate, too small to be measured. Null where no baseline has
    /// load steps; the finding <c>overhead-energy</c> says so.
    /// </summary>
    public double? EnergyEstimateJ { get; init; }

    /// <summary>Of that, expanded by k = 2.</summary>
    public double? EnergyEstimateUncertaintyJ { get; init; }
}

/// <summary>
/// What one estimator costs in one kind of work, J a run: the meter's mean with it alone beside the workload, less that with none. The uncertainty is
/// expanded by k (Student's t of the runs' scatter); null where single runs tell nothing of that.
/// </summary>
public sealed record OverheadRow(string Target, string Workload, string Estimator, int RunsWith, int RunsWithout, double EnergyJ, double? UncertaintyJ, double? K);

/// <summary>What an estimator claims for doing nothing, W; null where it said nothing usable (a finding says why).</summary>
public sealed record IdleClaimRow(string Target, string Estimator, double? PowerW, string? Version)
{
    /// <summary>Other programs of estimators that ran at the same time; empty where it ran alone.</summary>
    public IReadOnlyList<string> Beside { get; init; } = [];

    /// <summary>What the meter showed more while it ran alone than at rest, W; null where it did not run alone, or that is not known.</summary>
    public double? CostW { get; init; }

    /// <summary>Expanded by <see cref="K"/>, W.</summary>
    public double? CostUncertaintyW { get; init; }

    /// <summary>The factor of that uncertainty.</summary>
    public double? K { get; init; }
}

/// <summary>A run's CO2 equivalent: the intensity and where it is from, and the meter's energy by it, with its expanded uncertainty (of the energy alone).</summary>
public sealed record CarbonResult(double IntensityGPerKwh, string Source, double? MeterG, double? MeterUncertaintyG, double K);

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
    /// <summary>What the rows of a breakdown have in common: target, workload, model-family, device, version; null in the summary.</summary>
    public string? By { get; init; }
    public double? MedianAbsPct { get; init; }
    /// <summary>Kinds of work (workload and parameters): runs of one kind err alike.</summary>
    public int? Kinds { get; init; }
    /// <summary>Standard deviation of runs of one kind, and of kinds beyond it.</summary>
    public double? WithinSdPct { get; init; }
    public double? BetweenSdPct { get; init; }
    /// <summary>The bias' interval with kinds of work, not runs, as what was sampled.</summary>
    [JsonPropertyName("bias_by_kind_ci95_pct")]
    public IReadOnlyList<double>? BiasByKindCi95Pct { get; init; }
    /// <summary>95 % intervals of the lower and the upper limit of agreement, kinds of work taken into account.</summary>
    [JsonPropertyName("limits_ci95_pct")]
    public IReadOnlyList<IReadOnlyList<double>>? LimitsCi95Pct { get; init; }
    /// <summary>Probability of such a bias if there were none; the second is corrected for all rows of this list. This and what follows is null where the meter's accuracy is not known.</summary>
    public double? BiasP { get; init; }
    public double? BiasPAdjusted { get; init; }
    /// <summary>Whether the bias is shown to lie within ± the margin, by two one-sided tests at 5 %.</summary>
    public double? MarginPct { get; init; }
    public double? EquivalenceP { get; init; }
    public bool? Equivalent { get; init; }
    /// <summary>Share of the mean squared error that the meter's uncertainty would make by itself, at most 100 %.</summary>
    public double? MeterExplainsPct { get; init; }
    /// <summary>How many runs, of as many kinds of work, would know the bias to ± 1 %; null where no number would.</summary>
    [JsonPropertyName("runs_for_1pct")]
    public int? RunsFor1Pct { get; init; }
    /// <summary>Mean parts of the error by the calibration.</summary>
    public ErrorParts? Parts { get; init; }
}

/// <summary>An error in parts, percent of the meter: by gain, by unseen static power, by window, and the rest. They sum to the error.</summary>
public sealed record ErrorParts(double GainPct, double StaticPct, double WindowPct, double RestPct);

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
    /// <summary>How many runs and how many clusters (workloads, models) were fitted.</summary>
    public int? N { get; init; }
    public int? Clusters { get; init; }
    /// <summary>Condition number of energy and time, and the correlation of gain and unseen static power.</summary>
    public double? ConditionNumber { get; init; }
    public double? Correlation { get; init; }
    /// <summary>Scatter of a run about the law beyond what the meter and the estimator's own figure explain: scale of a t with 4 degrees of freedom.</summary>
    public double? ScatterPct { get; init; }
    /// <summary>By how much the mean absolute error shrinks on what was left out, and its 95 % confidence interval.</summary>
    public double? MaeGainPct { get; init; }
    [JsonPropertyName("mae_gain_ci95_pct")]
    public IReadOnlyList<double>? MaeGainCi95Pct { get; init; }
    /// <summary>Share of left-out residuals within one count of the meter, %; null for meters without a count.</summary>
    public double? WithinOneCountPct { get; init; }
    /// <summary>Unseen static power from idling, its expanded uncertainty at the fitted gain, and by how many standard uncertainties the fit disagrees.</summary>
    public double? IdleUnseenStaticW { get; init; }
    public double? IdleUnseenStaticUncertaintyW { get; init; }
    public double? IdleDisagreement { get; init; }
    /// <summary>Mean power by the estimator, lowest and highest of the fit: where the calibration may be used.</summary>
    public IReadOnlyList<double>? FittedPowerW { get; init; }
    /// <summary>Further terms of the law, where they were asked for.</summary>
    public IReadOnlyList<CalibrationTerm> Terms { get; init; } = [];
}

/// <summary>A further term of a calibration: <c>gain:gpu</c> is added to the gain for that component, <c>unseen:classify</c> in W to the unseen power in that workload.</summary>
public sealed record CalibrationTerm(string Name, double Value, double Uncertainty);
