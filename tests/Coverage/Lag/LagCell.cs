using MeterLab.Measurement.Lag;
using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Samples;

namespace MeterLab.Coverage.Lag;

/// <summary>How one class of meter fared over many independent fits.</summary>
/// <param name="Class">The class.</param>
/// <param name="Fits">Fits that stated a lag.</param>
/// <param name="Refused">Fits that stated none.</param>
/// <param name="WithinAllowed">Share of errors within 5 % of the period or 2 ms.</param>
/// <param name="MedianS">Median of the error's size, s.</param>
/// <param name="P95S">95th percentile of it, s.</param>
/// <param name="Coverage">Share of stated intervals (k = 2) that hold the truth.</param>
/// <param name="Ratio95">95th percentile of |error| / stated.</param>
internal sealed record LagCell(
    LagClass Class, int Fits, int Refused, double WithinAllowed, double MedianS, double P95S, double Coverage, double Ratio95)
{
    /// <summary>Draws and fits.</summary>
    public static LagCell Of(LagClass of, int trials, int seed)
    {
        var results = new (bool Visible, double Error, double Ratio)[trials];
        Parallel.For(0, trials, i =>
        {
            var trial = new LagTrial(of, unchecked(seed * 1_000_003 + i));
            var fit = Fit(of, trial);
            var error = Math.Abs(fit.DelaySeconds - trial.DelayS);
            results[i] = (fit.Visible, error, error / (2 * fit.DelayUncertaintySeconds));
        });
        var errors = results.Where(result => result.Visible).Select(result => result.Error).ToList();
        var ratios = results.Where(result => result.Visible).Select(result => result.Ratio).ToList();
        return new LagCell(
            of, errors.Count, trials - errors.Count, Share(errors, e => e <= of.AllowedS), Quantile(errors, 0.5), Quantile(errors, 0.95),
            Share(ratios, r => r <= 1), Quantile(ratios, 0.95));
    }

    /// <summary>The product's way from polls or arrivals to a lag.</summary>
    public static LagFitResult Fit(LagClass of, LagTrial trial)
    {
        // A profile's nominal averaging, where it is not known, is the update period.
        var response = new MeterResponse(
            of.PeriodS, of.ResponseKnown ? of.AveragingS : of.PeriodS, 0, of.Filter && of.ResponseKnown ? ResponseShape.FirstOrder : ResponseShape.Average);
        var updates = UpdateSeries.FromReadings(
            trial.SeenNs.ToArray(), trial.Watts.ToArray(), [], response, of.PollS, bracketNs: 0, resolution: 0);
        return LagFit.Fit(
            updates.EndNs, updates.Watts, new LoadPattern(trial.EdgeNs, trial.Levels), response, of.ResponseKnown,
            Math.Max(0.5, 4 * of.PeriodS), updates.StampUncertaintyNs, of.LongestRiseS);
    }

    internal static double Quantile(List<double> values, double share)
    {
        if (values.Count == 0)
            return double.NaN;
        var sorted = values.Order().ToArray();
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
    }

    private static double Share(List<double> values, Func<double, bool> holds) => values.Count(holds) / (double)Math.Max(1, values.Count);
}
