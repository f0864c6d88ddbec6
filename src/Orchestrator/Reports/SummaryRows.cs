using MeterLab.Measurement.Statistics;

namespace MeterLab.Orchestrator.Reports;

/// <summary>Error statistics as JSON has them.</summary>
public static class SummaryRows
{
    // The half-width of the bias' interval that the number of runs is asked for, %.
    private const double WantedPct = 1;

    /// <summary>One row for one estimator and one group, of the errors alone.</summary>
    public static SummaryRow Of(string group, string estimator, ErrorStatistics errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        return new SummaryRow
        {
            Group = group,
            Estimator = estimator,
            N = errors.Count,
            BiasPct = errors.Bias,
            BiasCi95Pct = errors.BiasConfidence95 is { } ci ? [ci.Low, ci.High] : null,
            SdPct = errors.StandardDeviation,
            LimitsOfAgreementPct = errors.LimitsOfAgreement is { } limits ? [limits.Low, limits.High] : null,
            MaePct = errors.MeanAbsolute,
            MinPct = errors.Minimum,
            MedianPct = errors.Median,
            MaxPct = errors.Maximum,
            MedianAbsPct = errors.MedianAbsolute,
        };
    }

    /// <summary>One row with the verdict: repetitions, equivalence within ± <paramref name="marginPct"/>, the meter's share, parts.</summary>
    public static SummaryRow Of(string group, string estimator, IReadOnlyList<ErrorPoint> points, double marginPct)
    {
        ArgumentNullException.ThrowIfNull(points);
        var row = Of(group, estimator, ErrorStatistics.From(points.Select(point => point.ErrorPct))) with
        {
            MarginPct = marginPct, MeterExplainsPct = MeterExplains(points), Parts = Parts(points),
        };
        if (RepeatedAgreement.From([.. points.Select(point => point.ErrorPct)], [.. points.Select(point => point.Kind)]) is not { } agreement)
            return row;
        row = row with
        {
            Kinds = agreement.Kinds,
            WithinSdPct = agreement.Within,
            BetweenSdPct = agreement.Between,
            BiasByKindCi95Pct = [agreement.Bias95.Low, agreement.Bias95.High],
            LimitsCi95Pct = [[agreement.LowerLimit95.Low, agreement.LowerLimit95.High], [agreement.UpperLimit95.Low, agreement.UpperLimit95.High]],
        };
        // A meter of unknown accuracy may make any bias and hide any other: no number of runs tells.
        if (points.Any(point => point.StandardPct is null))
            return row;
        // What the meter adds to all runs alike does not shrink with them.
        var systematic = points.Max(point => point.SystematicPct);
        var test = Equivalence.Test(agreement.Bias, Math.Sqrt(agreement.BiasStandard * agreement.BiasStandard + systematic * systematic), agreement.BiasFreedom, marginPct);
        return row with
        {
            BiasP = test.DifferenceProbability,
            EquivalenceP = test.Probability,
            Equivalent = test.Shown,
            RunsFor1Pct = RunsNeeded.For(row.SdPct!.Value, WantedPct, 2 * systematic),
        };
    }

    /// <summary>The same rows with their probabilities corrected for all of them.</summary>
    public static IReadOnlyList<SummaryRow> Corrected(IReadOnlyList<SummaryRow> rows)
    {
        var tested = rows.Where(row => row.BiasP is not null).ToArray();
        var adjusted = new Queue<double>(FalseDiscovery.Adjust([.. tested.Select(row => row.BiasP!.Value)]));
        return [.. rows.Select(row => row.BiasP is null ? row : row with { BiasPAdjusted = adjusted.Dequeue() })];
    }

    private static double? MeterExplains(IReadOnlyList<ErrorPoint> points)
    {
        var squares = points.Sum(point => point.ErrorPct * point.ErrorPct);
        return points.Count == 0 || squares == 0 || points.Any(point => point.StandardPct is null)
            ? null
            : Math.Min(100, 100 * points.Sum(point => point.StandardPct!.Value * point.StandardPct.Value) / squares);
    }

    private static ErrorParts? Parts(IReadOnlyList<ErrorPoint> points) => points.Count == 0 || points.Any(point => point.Parts is null) ? null : new ErrorParts(
        points.Average(point => point.Parts!.GainPct), points.Average(point => point.Parts!.StaticPct),
        points.Average(point => point.Parts!.WindowPct), points.Average(point => point.Parts!.RestPct));
}
