using MeterLab.Measurement;
using MeterLab.Measurement.Calibration;
using MeterLab.Orchestrator.Calibration;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Orchestrator.Reconciliation;

/// <summary>What a campaign's runs come to together: calibrations, errors in parts, summaries and their breakdown. Pure.</summary>
internal static class CampaignVerdict
{
    private static readonly (string By, Func<RunResult, EstimatorResult, string?> Key)[] Dimensions =
    [
        ("target", (run, _) => run.Target),
        ("workload", (run, _) => run.Workload),
        ("model-family", (run, _) => ModelFamily(run)),
        ("device", (run, _) => run.Device),
        ("version", (_, estimate) => estimate.Version),
    ];

    // A gain whose expanded uncertainty is more than this share of it explains no error.
    private const double MostOfGain = 0.5;

    /// <summary>The results with all of it; findings of the calibrations are appended.</summary>
    public static CampaignResults Complete(CampaignResults results)
    {
        var (rows, laws, findings) = CampaignCalibration.Of(results.Runs, new CalibrationGrouping());
        var runs = results.Runs.Select(run => run with { Estimators = [.. run.Estimators.Select(estimate => WithParts(run, estimate, laws))] }).ToArray();
        var errors = runs.Where(run => run.Valid)
            .SelectMany(run => run.Estimators.Where(estimate => estimate.ErrorPct is not null).Select(estimate => (Run: run, Estimate: estimate)))
            .ToArray();
        return results with
        {
            Runs = runs,
            Summary = Rows(errors, (run, _) => $"{run.Target}/{run.Workload}", null, results.TolerancePct),
            Breakdown = [.. Dimensions.SelectMany(dimension => Rows(errors, dimension.Key, dimension.By, results.TolerancePct))],
            // What was not determined has a finding and no row.
            Calibration = [.. rows.Where(row => row.Gain is not null)],
            Findings = [.. results.Findings, .. findings.Select(Soften).Select(FindingRows.Of)],
        };
    }

    /// <summary>resnet of resnet50, llama of llama3:8b: the letters that the run's parameter model begins with; null where it has none.</summary>
    internal static string? ModelFamily(RunResult run)
    {
        if (!run.Parameters.TryGetValue("model", out var model))
            return null;
        var name = model[(model.LastIndexOf('/') + 1)..];
        var family = new string([.. name.TakeWhile(letter => char.IsLetter(letter) || letter is '-' or '_')]).TrimEnd('-', '_');
        return family.Length > 0 ? family.ToLowerInvariant() : model;
    }

    // A static estimator is power x time: that nothing can be fitted to it is its nature, and no warning.
    private static Finding Soften(Finding finding) => finding.Rule == "calibration-undetermined" ? finding with { Severity = Severity.Note } : finding;

    private static IReadOnlyList<SummaryRow> Rows(
        IReadOnlyList<(RunResult Run, EstimatorResult Estimate)> errors, Func<RunResult, EstimatorResult, string?> key, string? by, double marginPct) =>
        SummaryRows.Corrected([.. errors
            .Select(one => (Group: key(one.Run, one.Estimate), one.Run, one.Estimate))
            .Where(one => one.Group is not null)
            .GroupBy(one => (Group: one.Group!, one.Estimate.Estimator))
            .OrderBy(group => group.Key.Group, StringComparer.Ordinal).ThenBy(group => group.Key.Estimator, StringComparer.Ordinal)
            .Select(group => SummaryRows.Of(group.Key.Group, group.Key.Estimator, [.. group.Select(one => Point(one.Run, one.Estimate))], marginPct) with { By = by })]);

    private static ErrorPoint Point(RunResult run, EstimatorResult estimate)
    {
        var meter = Reference(run, estimate);
        var systematic = Math.Sqrt(meter?.Budget.Where(row => row.Kind == "systematic").Sum(row => row.UJ * row.UJ) ?? 0);
        // The same relative error of the meter moves an error by (1 + error) of it.
        var factor = 1 + estimate.ErrorPct!.Value / 100;
        var shared = meter?.EnergyJ is > 0 ? Math.Abs(factor) * systematic / meter.EnergyJ.Value * 100 : 0;
        var kind = string.Join('\n', run.Parameters.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}").Prepend(run.Workload).Prepend(run.Target));
        return new ErrorPoint(estimate.ErrorPct.Value, estimate.ErrorUncertaintyPct / estimate.K, shared, kind, estimate.Parts);
    }

    private static EstimatorResult WithParts(RunResult run, EstimatorResult estimate, IReadOnlyList<CalibrationEntry> laws)
    {
        if (estimate is { ErrorPct: { } error, ErrorUncertaintyPct: { } uncertainty } && error != 0)
            estimate = estimate with { MeterExplainsPct = Math.Min(100, uncertainty / Math.Abs(error) * 100) };
        var law = laws.FirstOrDefault(one => one.Target == run.Target && one.Estimator == estimate.Estimator && one.Scope == estimate.ComparedWith);
        if (law is null || !TellsApart(law) || estimate.ErrorPct is null || Reference(run, estimate)?.EnergyJ is not > 0 || run.DurationS is not > 0)
            return estimate;
        var split = ErrorSplit.Of(law.ToLaw(), estimate.EnergyJ!.Value, Reference(run, estimate)!.EnergyJ!.Value, run.DurationS.Value, estimate.DurationS);
        return estimate with { Parts = new ErrorParts(split.GainPct, split.StaticPct, split.WindowPct, split.RestPct) };
    }

    // Where gain and unseen power are only known together, a split between the two would be made up.
    private static bool TellsApart(CalibrationEntry law) => law.K * Math.Sqrt(law.Covariance[0][0]) < MostOfGain * Math.Abs(law.Coefficients[0]);

    private static MeterResult? Reference(RunResult run, EstimatorResult estimate) =>
        run.Meters.FirstOrDefault(meter => meter.Scope == estimate.ComparedWith && meter.Role == "truth");
}
