using MeterLab.Measurement;
using MeterLab.Measurement.Calibration;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Orchestrator.Calibration;

/// <summary>What a calibration rests on and when not to use it, in words.</summary>
internal static class CalibrationWords
{
    // Above this the two coefficients trade against each other so strongly that neither means much alone.
    private const double IllConditioned = 30;

    // So few workloads say hardly anything about the next one.
    private const int FewClusters = 5;

    // A run this many scales away from the law that did not know it.
    private const double Outlying = 6;

    // Standard uncertainties beyond which fit and idle difference disagree.
    private const double Disagreement = 2;

    /// <summary>Why there is no calibration.</summary>
    public static Finding Undetermined(CalibrationCase of) => new("calibration-undetermined", Severity.Warning,
        $"{Name(of)}: {of.Runs.Count} runs do not determine a gain and a constant power: too few, or energy and time keep one proportion in all of them; runs of other powers would tell them apart");

    /// <summary>All that is to be said of a fit.</summary>
    public static IEnumerable<Finding> Of(CalibrationCase of, CalibrationFit fit, CalibrationRow row) =>
        new[]
        {
            Conditioning(of, fit.Law, row), Few(of, fit), NotJudged(of, fit), NoBetter(of, row), AtTheFloor(of, row), Outliers(of, fit),
            Idle(of, fit.Law), Negative(of, fit.Law), Accuracy(of), Versions(of),
        }.OfType<Finding>();

    private static Finding? Conditioning(CalibrationCase of, CalibrationLaw law, CalibrationRow row)
    {
        if (law.ConditionNumber < IllConditioned)
            return null;
        var middle = (law.EstimateW.Low + law.EstimateW.High) / 2;
        var together = law.LawUncertainty(middle, 1) / law.At(middle, 1) * 100;
        return new Finding("calibration-ill-conditioned", Severity.Warning, FormattableString.Invariant(
            $"{Name(of)}: energy and time are nearly proportional (every run draws {law.EstimateW.Low:0.#} to {law.EstimateW.High:0.#} W; condition number {law.ConditionNumber:0}, correlation {row.Correlation:0.000}): gain and constant power are only known together, to {together:0.0} % at {middle:0} W; runs of other powers, or a baseline with the estimator, would tell them apart"));
    }

    private static Finding? Few(CalibrationCase of, CalibrationFit fit) => fit.Law.Clusters >= FewClusters ? null
        : new Finding("calibration-few-workloads", Severity.Warning,
            $"{Name(of)}: only {fit.Law.Clusters} {of.ClusterWord}s were fitted; how far the next one lies from the law can hardly be told. Do not use it for other work");

    private static Finding? NotJudged(CalibrationCase of, CalibrationFit fit) => fit.Indispensable is null ? null
        : new Finding("cross-validation", Severity.Warning,
            $"{Name(of)}: without the {of.ClusterWord} '{fit.Indispensable}' the others do not determine a calibration, so it cannot be judged on {of.ClusterWord}s it has not seen");

    private static Finding? NoBetter(CalibrationCase of, CalibrationRow row) => row.MaeGainCi95Pct is not { } ci || ci[0] > 0 ? null
        : new Finding("calibration-no-better", Severity.Warning, FormattableString.Invariant(
            $"{Name(of)}: on {of.ClusterWord}s it has not seen the calibration changes the mean absolute error by {-row.MaeGainPct:+0.00;-0.00} points (95 %: {-ci[1]:+0.00;-0.00} to {-ci[0]:+0.00;-0.00}), so it is not shown to be better than the estimator's own figure"));

    private static Finding? AtTheFloor(CalibrationCase of, CalibrationRow row) => row.WithinOneCountPct is not { } within || within < 95 ? null
        : new Finding("calibration-at-floor", Severity.Note, FormattableString.Invariant(
            $"{Name(of)}: {within:0} % of the residuals of {of.ClusterWord}s it has not seen lie within one count of the meter; what is left ({row.MaePctAfter:0.0} % on average, of which the two readings alone make {row.MeterFloorPct:0.0} %) is not the estimator's fault"));

    private static Finding? Outliers(CalibrationCase of, CalibrationFit fit)
    {
        var far = of.Runs.Select((run, i) => (Name: of.Names[i], Scales: Scales(run, fit.Law))).Where(run => run.Scales > Outlying)
            .OrderByDescending(run => run.Scales).ToArray();
        return far.Length == 0 ? null : new Finding("calibration-outliers", Severity.Note, FormattableString.Invariant(
            $"{Name(of)}: {far.Length} of {of.Runs.Count} runs lie more than {Outlying:0} times the usual scatter from the law and hardly count in it: {string.Join(", ", far.Take(5).Select(run => run.Name))}{(far.Length > 5 ? " …" : "")}"));
    }

    private static double Scales(CalibrationRun run, CalibrationLaw law)
    {
        var at = law.At(run.EstimateJ, run.DurationS, [.. run.Further]);
        var beyond = Math.Max(0, Math.Abs(run.MeterJ - at) - run.CountJ);
        var scale = Math.Sqrt(Math.Pow(law.RelativeScatter * at, 2) + Math.Pow(run.MeterStandardJ, 2) + Math.Pow(law.Gain * run.EstimateStandardJ, 2));
        return beyond / scale;
    }

    private static Finding? Idle(CalibrationCase of, CalibrationLaw law)
    {
        if (of.Idle is not { } idle)
            return null;
        var words = FormattableString.Invariant(
            $"{Name(of)}: idling implies {idle.UnseenW(law.Gain):0.0} ± {2 * idle.StandardW(law.Gain):0.0} W unseen ({idle.IdleW:0.0} W by the meter, {idle.EstimateW:0.0} W by the estimator)");
        if (of.UseIdle)
            return new Finding("calibration-prior", Severity.Note, words + "; this took part in the fit");
        var apart = idle.Disagreement(law);
        return Math.Abs(apart) <= Disagreement
            ? new Finding("calibration-idle", Severity.Note, FormattableString.Invariant($"{words}; the fit's {law.UnseenW:0.0} W agree with it ({apart:+0.0;-0.0} standard uncertainties)"))
            : new Finding("calibration-idle", Severity.Warning, FormattableString.Invariant(
                $"{words}; the fit's {law.UnseenW:0.0} W do not agree with it ({apart:+0.0;-0.0} standard uncertainties): the estimator sees another share at idle than at work, or the machine idles in a state that no workload sees"));
    }

    private static Finding? Negative(CalibrationCase of, CalibrationLaw law)
    {
        if (law.UnseenW + law.Uncertainty(1) >= 0)
            return null;
        return new Finding("calibration-negative", Severity.Warning, FormattableString.Invariant(
            $"{Name(of)}: the unseen power comes out below 0 ({law.UnseenW:0.0} ± {law.Uncertainty(1):0.0} W): the estimator counts power that the meter does not see, or its figure does not grow in proportion"));
    }

    private static Finding? Accuracy(CalibrationCase of) => of.MeterGainRelative is not null || of.Target is null ? null
        : new Finding("accuracy-unknown", Severity.Warning,
            $"{Name(of)}: nobody knows the accuracy of the meter; a common error of its gain is not in these uncertainties");

    private static Finding? Versions(CalibrationCase of) => of.Versions.Count < 2 ? null
        : new Finding("calibration-versions", Severity.Warning,
            $"{Name(of)}: the runs come from several versions of the estimator ({string.Join(", ", of.Versions)}); versions may count differently");

    private static string Name(CalibrationCase of) => of.Target is null ? of.Group : $"{of.Group}, {of.Estimator}";
}
