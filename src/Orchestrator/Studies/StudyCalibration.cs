using MeterLab.Measurement;
using MeterLab.Measurement.Statistics;
using MeterLab.Orchestrator.Reports;
using MeterLab.Storage.Studies;

namespace MeterLab.Orchestrator.Studies;

/// <summary>
/// Fits E_meter = gain x E_estimator + unseen static power x t to a group by least squares of the relative residuals (weights 1/E²), and judges
/// it on models that it has not seen.
/// </summary>
internal static class StudyCalibration
{
    // One reading of a counter is rectangular over one count; two independent ones differ by a triangle whose mean absolute value is a third of a count.
    private const double MeanAbsoluteOfTwoReadings = 1.0 / 3;

    // Above this the two coefficients trade against each other so strongly that neither means much alone.
    private const double IllConditioned = 100;

    /// <summary>The row of a group, and what is to be said about it.</summary>
    public static (CalibrationRow Row, IReadOnlyList<Finding> Findings) Of(StudyGroup group)
    {
        var runs = group.Runs;
        var row = new CalibrationRow
        {
            Group = group.Name,
            Estimator = "codecarbon",
            CrossValidation = "leave-one-model-out",
            MaePctBefore = ErrorStatistics.From(runs.Select(run => run.CodeCarbonErrorPct)).MeanAbsolute,
            MeterFloorPct = runs.Average(run => run.CountPct * MeanAbsoluteOfTwoReadings),
        };
        if (Fit(runs) is not { } fit)
        {
            return (row, [new Finding("calibration-undetermined", Severity.Warning,
                $"{group.Name}: {runs.Count} experiments do not determine a gain and a constant power: too few, or energy and time keep one proportion in all of them")]);
        }

        var findings = new List<Finding>();
        if (fit.ConditionNumber > IllConditioned)
        {
            findings.Add(new Finding("calibration-ill-conditioned", Severity.Warning, FormattableString.Invariant(
                $"{group.Name}: energy and time are nearly proportional (condition number {fit.ConditionNumber:0}); gain and constant power are only known together")));
        }

        var left = LeftOut(runs, findings, group.Name);
        return (WithFit(row, fit) with { MaePctAfter = left?.MeanAbsolute, MedianAbsPctAfter = left?.MedianAbsolute }, findings);
    }

    private static LinearFit? Fit(IReadOnlyList<StudyRun> runs) => LinearFit.TryFit(
        [.. runs.Select(run => run.Experiment.EstimatorJ)],
        [.. runs.Select(run => run.Experiment.DurationS)],
        [.. runs.Select(run => run.Experiment.MeterJ)],
        [.. runs.Select(run => 1 / (run.Experiment.MeterJ * run.Experiment.MeterJ))]);

    private static ErrorStatistics? LeftOut(IReadOnlyList<StudyRun> runs, List<Finding> findings, string group)
    {
        var errors = new List<double>();
        foreach (var model in runs.Select(run => run.Experiment.Model).Distinct(StringComparer.Ordinal))
        {
            if (Fit([.. runs.Where(run => run.Experiment.Model != model)]) is not { } fit)
            {
                findings.Add(new Finding("cross-validation", Severity.Warning,
                    $"{group}: without the model '{model}' the others do not determine a calibration, so it cannot be judged on models it has not seen"));
                return null;
            }

            errors.AddRange(runs.Where(run => run.Experiment.Model == model).Select(run => ErrorPct(fit, run.Experiment)));
        }

        return ErrorStatistics.From(errors);
    }

    private static double ErrorPct(LinearFit fit, StudyExperiment experiment) =>
        ErrorStatistics.RelativeErrorPct(fit.At(experiment.EstimatorJ, experiment.DurationS), experiment.MeterJ);

    private static CalibrationRow WithFit(CalibrationRow row, LinearFit fit)
    {
        row = row with { Gain = fit.A, UnseenStaticW = fit.B };
        if (fit is not { VarianceA: { } gain, VarianceB: { } power, CovarianceAB: { } both })
            return row;
        var k = ErrorStatistics.StudentFactor95(fit.DegreesOfFreedom);
        return row with
        {
            GainUncertainty = k * Math.Sqrt(gain),
            UnseenStaticUncertaintyW = k * Math.Sqrt(power),
            K = k,
            Covariance = [[gain, both], [both, power]],
        };
    }
}
