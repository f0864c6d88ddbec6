using MeterLab.Cli.Rendering.Html;
using MeterLab.Orchestrator.Reports;
using MeterLab.Orchestrator.Studies;

namespace MeterLab.Cli.Rendering.Csv;

/// <summary>The three CSV files of a campaign; columns are named as in results.json, SI units.</summary>
internal static class ResultsCsv
{
    /// <summary>runs.csv: a row per run and estimator; a run without estimators has one row. The meter is the one that the estimator is compared with.</summary>
    public static string Runs(CampaignResults results)
    {
        ArgumentNullException.ThrowIfNull(results);
        var csv = new CsvText(
            "campaign", "id", "run", "target", "workload", "parameters", "repetition", "outcome", "valid", "start", "end", "duration_s",
            "meter", "channel", "scope", "meter_energy_j", "meter_uncertainty_j", "meter_k", "coverage", "longest_gap_s", "truth_j",
            "static_w", "static_energy_j", "estimator", "estimator_version", "estimator_energy_j", "estimator_scope", "compared_with",
            "error_pct", "error_uncertainty_pct", "k", "verdict", "clock_offset_s", "clock_uncertainty_s", "meter_lag_s",
            "meter_lag_uncertainty_s", "overhead_cpu_s", "findings", "device", "estimator_duration_s", "meter_explains_pct", "gain_part_pct",
            "static_part_pct", "window_part_pct", "rest_part_pct", "rules_broken", "rules_not_judged");
        foreach (var run in results.Runs)
        {
            foreach (var estimator in run.Estimators.DefaultIfEmpty(null))
                AddRow(csv, results, run, estimator);
        }

        return csv.ToString();
    }

    /// <summary>runs.csv of a study: a row per experiment and estimator.</summary>
    public static string Runs(string study, IReadOnlyList<StudyPoint> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        var csv = new CsvText(
            "study", "recording", "run", "group", "model", "model_parameters", "estimator", "duration_s", "meter_energy_j", "meter_uncertainty_j",
            "estimator_energy_j", "error_pct", "error_uncertainty_pct");
        foreach (var point in points)
        {
            csv.Add(study).Add(point.Recording).Add(point.Run).Add(point.Group).Add(point.Model).Add(point.ModelParameters).Add(point.Estimator)
                .Add(point.DurationS).Add(point.MeterJ).Add(point.MeterUncertaintyJ).Add(point.EstimateJ).Add(point.ErrorPct).Add(point.ErrorUncertaintyPct).EndRow();
        }

        return csv.ToString();
    }

    /// <summary>summary.csv: a row per group and estimator.</summary>
    public static string Summary(IReadOnlyList<SummaryRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var csv = new CsvText(
            "group", "estimator", "n", "bias_pct", "bias_ci95_low_pct", "bias_ci95_high_pct", "sd_pct", "limits_of_agreement_low_pct",
            "limits_of_agreement_high_pct", "mae_pct", "min_pct", "median_pct", "max_pct", "by", "median_abs_pct", "kinds", "within_sd_pct",
            "between_sd_pct", "bias_by_kind_ci95_low_pct", "bias_by_kind_ci95_high_pct", "bias_p_adjusted", "margin_pct", "equivalence_p",
            "meter_explains_pct", "runs_for_1pct", "gain_part_pct", "static_part_pct", "window_part_pct", "rest_part_pct");
        foreach (var row in rows)
        {
            csv.Add(row.Group).Add(row.Estimator).Add(row.N).Add(row.BiasPct).Add(End(row.BiasCi95Pct, 0)).Add(End(row.BiasCi95Pct, 1))
                .Add(row.SdPct).Add(End(row.LimitsOfAgreementPct, 0)).Add(End(row.LimitsOfAgreementPct, 1)).Add(row.MaePct)
                .Add(row.MinPct).Add(row.MedianPct).Add(row.MaxPct).Add(row.By).Add(row.MedianAbsPct).Add(row.Kinds).Add(row.WithinSdPct)
                .Add(row.BetweenSdPct).Add(End(row.BiasByKindCi95Pct, 0)).Add(End(row.BiasByKindCi95Pct, 1)).Add(row.BiasPAdjusted)
                .Add(row.MarginPct).Add(row.EquivalenceP).Add(row.MeterExplainsPct).Add(row.RunsFor1Pct);
            AddParts(csv, row.Parts).EndRow();
        }

        return csv.ToString();
    }

    /// <summary>calibration.csv: a row per target, group and estimator.</summary>
    public static string Calibration(IReadOnlyList<CalibrationRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var csv = new CsvText(
            "target", "group", "estimator", "gain", "gain_uncertainty", "unseen_static_w", "unseen_static_uncertainty_w",
            "covariance_gain_gain", "covariance_gain_unseen", "covariance_unseen_unseen", "cross_validation", "mae_pct_before",
            "mae_pct_after", "median_abs_pct_after", "meter_floor_pct", "k", "n", "clusters", "condition_number", "correlation", "scatter_pct",
            "mae_gain_pct", "mae_gain_ci95_low_pct", "mae_gain_ci95_high_pct", "fitted_power_low_w", "fitted_power_high_w");
        foreach (var row in rows)
        {
            csv.Add(row.Target).Add(row.Group).Add(row.Estimator).Add(row.Gain).Add(row.GainUncertainty).Add(row.UnseenStaticW)
                .Add(row.UnseenStaticUncertaintyW).Add(Element(row.Covariance, 0, 0)).Add(Element(row.Covariance, 0, 1))
                .Add(Element(row.Covariance, 1, 1)).Add(row.CrossValidation).Add(row.MaePctBefore).Add(row.MaePctAfter)
                .Add(row.MedianAbsPctAfter).Add(row.MeterFloorPct)
                .Add(row.K).Add(row.N).Add(row.Clusters).Add(row.ConditionNumber).Add(row.Correlation).Add(row.ScatterPct).Add(row.MaeGainPct)
                .Add(End(row.MaeGainCi95Pct, 0)).Add(End(row.MaeGainCi95Pct, 1)).Add(End(row.FittedPowerW, 0)).Add(End(row.FittedPowerW, 1)).EndRow();
        }

        return csv.ToString();
    }

    private static void AddRow(CsvText csv, CampaignResults results, RunResult run, EstimatorResult? estimator)
    {
        var meter = (estimator is null ? null : ReportContext.ReferenceOf(run, estimator)) ?? run.Meter;
        csv.Add(results.Campaign).Add(results.Id).Add(run.Run).Add(run.Target).Add(run.Workload)
            .Add(string.Join(';', run.Parameters.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}")))
            .Add(run.Repetition).Add(run.Outcome).Add(run.Valid).Add(run.Start).Add(run.End).Add(run.DurationS)
            .Add(meter?.Meter).Add(meter?.Channel).Add(meter?.Scope).Add(meter?.EnergyJ).Add(meter?.UncertaintyJ).Add(meter?.K)
            .Add(meter?.Coverage).Add(meter?.LongestGapS).Add(meter?.TruthJ).Add(run.Static?.StaticW).Add(run.Static?.EnergyJ)
            .Add(estimator?.Estimator).Add(estimator?.Version).Add(estimator?.EnergyJ)
            .Add(estimator is null ? null : string.Join(';', estimator.Scope)).Add(estimator?.ComparedWith).Add(estimator?.ErrorPct)
            .Add(estimator?.ErrorUncertaintyPct).Add(estimator?.K).Add(estimator?.Verdict).Add(run.Clock?.OffsetS).Add(run.Clock?.UncertaintyS)
            .Add(run.Clock?.MeterLagS).Add(run.Clock?.MeterLagUncertaintyS).Add(run.Overhead.CpuS)
            .Add(string.Join(';', run.Findings.Concat(estimator?.Findings ?? []).Select(finding => finding.Rule).Distinct(StringComparer.Ordinal)))
            .Add(run.Device).Add(estimator?.DurationS).Add(estimator?.MeterExplainsPct);
        AddParts(csv, estimator?.Parts).Add(RulesWith(run, false)).Add(RulesWith(run, null)).EndRow();
    }

    private static string RulesWith(RunResult run, bool? held) =>
        string.Join(';', run.Rules.Where(rule => rule.Held == held).Select(rule => rule.Rule));

    private static CsvText AddParts(CsvText csv, ErrorParts? parts) =>
        csv.Add(parts?.GainPct).Add(parts?.StaticPct).Add(parts?.WindowPct).Add(parts?.RestPct);

    private static double? End(IReadOnlyList<double>? range, int i) => range is { Count: 2 } ? range[i] : null;

    private static double? Element(IReadOnlyList<IReadOnlyList<double>>? matrix, int i, int j) =>
        matrix is { Count: 2 } && matrix[i].Count == 2 ? matrix[i][j] : null;
}
