using MeterLab.Measurement;
using MeterLab.Measurement.Calibration;
using MeterLab.Measurement.Statistics;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Orchestrator.Calibration;

/// <summary>Fits a case, and says what the fit is worth.</summary>
internal static class CalibrationJudge
{
    // One reading of a counter is rectangular over one count; two independent ones differ by a triangle whose mean absolute value is a third of a count.
    private const double MeanAbsoluteOfTwoReadings = 1.0 / 3;

    // Powers within a tenth of a percent of each other: a gain out of that is an accident of the noise, and would be used.
    private const double MostCondition = 1000;

    // The standard deviation of that triangle, in counts.
    private static readonly double StandardOfTwoReadings = Math.Sqrt(1.0 / 6);

    /// <summary>The row of a case, what applying it takes (null where nothing was determined), and what is to be said.</summary>
    public static (CalibrationRow Row, CalibrationEntry? Entry, IReadOnlyList<Finding> Findings) Of(CalibrationCase of)
    {
        var raw = of.Runs.Select(run => ErrorStatistics.RelativeErrorPct(run.EstimateJ, run.MeterJ)).ToArray();
        var row = new CalibrationRow
        {
            Target = of.Target,
            Group = of.Group,
            Estimator = of.Estimator,
            CrossValidation = of.CrossValidation,
            MaePctBefore = ErrorStatistics.From(raw).MeanAbsolute,
            MeterFloorPct = Floor(of),
            N = of.Runs.Count,
            Clusters = of.Runs.Select(run => run.Cluster).Distinct(StringComparer.Ordinal).Count(),
        };
        var options = new CalibrationOptions { MeterGainRelative = of.MeterGainRelative ?? 0, Prior = of.UseIdle ? of.Idle : null };
        if (CalibrationFit.TryFit(of.Runs, options) is not { } fit || fit.Law.ConditionNumber > MostCondition)
            return (row, null, [CalibrationWords.Undetermined(of)]);
        row = WithLaw(row, of, fit.Law);
        if (fit.LeftOutErrorsPct is { } errors)
            row = WithErrors(row, of, raw, errors, fit.LeftOutCounts);
        if (of.Idle is { } idle)
        {
            row = row with
            {
                IdleUnseenStaticW = idle.UnseenW(fit.Law.Gain),
                IdleUnseenStaticUncertaintyW = 2 * idle.StandardW(fit.Law.Gain),
                IdleDisagreement = of.UseIdle ? null : idle.Disagreement(fit.Law),
            };
        }

        return (row, CalibrationEntry.Of(of, fit.Law), [.. CalibrationWords.Of(of, fit, row)]);
    }

    private static CalibrationRow WithLaw(CalibrationRow row, CalibrationCase of, CalibrationLaw law) => row with
    {
        Gain = law.Gain,
        GainUncertainty = law.Uncertainty(0),
        UnseenStaticW = law.UnseenW,
        UnseenStaticUncertaintyW = law.Uncertainty(1),
        K = law.K,
        Covariance = [[law.Covariance[0, 0], law.Covariance[0, 1]], [law.Covariance[1, 0], law.Covariance[1, 1]]],
        ConditionNumber = law.ConditionNumber,
        Correlation = law.Covariance[0, 1] / Math.Sqrt(law.Covariance[0, 0] * law.Covariance[1, 1]),
        ScatterPct = law.RelativeScatter * 100,
        FittedPowerW = [law.EstimateW.Low, law.EstimateW.High],
        Terms = [.. of.Terms.Select((name, i) => new CalibrationTerm(name, law.Coefficients[i + 2], law.Uncertainty(i + 2)))],
    };

    private static CalibrationRow WithErrors(
        CalibrationRow row, CalibrationCase of, double[] raw, IReadOnlyList<double> errors, IReadOnlyList<double>? counts)
    {
        var after = ErrorStatistics.From(errors);
        var gains = raw.Zip(errors, (before, now) => Math.Abs(before) - Math.Abs(now)).ToArray();
        var interval = ClusterBootstrap.MeanInterval95(gains, [.. of.Runs.Select(run => run.Cluster)]);
        return row with
        {
            MaePctAfter = after.MeanAbsolute,
            MedianAbsPctAfter = after.MedianAbsolute,
            MaeGainPct = gains.Average(),
            MaeGainCi95Pct = interval is { } ci ? [ci.Low, ci.High] : null,
            WithinOneCountPct = counts is null ? null : 100.0 * counts.Count(count => Math.Abs(count) <= 1) / counts.Count,
        };
    }

    // What the meter alone costs on average: two readings of a counter, or what differs from run to run in its budget.
    private static double? Floor(CalibrationCase of)
    {
        if (of.Runs.Count == 0)
            return null;
        var meanAbsoluteOfNormal = Math.Sqrt(2 / Math.PI);
        return of.Runs.Average(run => run.MeterStandardJ == 0
            ? run.CountJ * MeanAbsoluteOfTwoReadings / run.MeterJ * 100
            : meanAbsoluteOfNormal * Math.Sqrt(Math.Pow(run.MeterStandardJ, 2) + Math.Pow(run.CountJ * StandardOfTwoReadings, 2)) / run.MeterJ * 100);
    }
}
