using MeterLab.Measurement.Statistics;

namespace MeterLab.Orchestrator.Reports;

/// <summary>Error statistics as JSON has them.</summary>
public static class SummaryRows
{
    /// <summary>One row for one estimator and one group.</summary>
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
        };
    }
}
