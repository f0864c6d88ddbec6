using MathNet.Numerics.Distributions;

namespace MeterLab.Measurement.Statistics;

/// <summary>
/// Whether a machine's idle power has changed since its last baselines. The scatter from night to night is larger than the scatter within one,
/// so both stand in the test: the first is estimated from the earlier nights, and Student's t pays for how few they are. Where there are fewer
/// than three earlier nights it cannot be estimated, and an assumed one takes its place.
/// </summary>
public sealed record BaselineChange
{
    /// <summary>Scatter from night to night that is assumed where fewer than three earlier nights tell it, standard deviation, W.</summary>
    public const double AssumedNightScatterW = 0.5;

    private const int FewestNights = 3;

    private BaselineChange()
    {
    }

    /// <summary>New minus old, W.</summary>
    public required double ChangeW { get; init; }

    /// <summary>Standard uncertainty of it, W: within the nights and between them.</summary>
    public required double StandardW { get; init; }

    /// <summary>The smallest change that would be called one, W.</summary>
    public required double ThresholdW { get; init; }

    /// <summary>How often so large a change comes without one: two-sided.</summary>
    public required double Probability { get; init; }

    /// <summary>Whether it is called a change, at the wanted rate of false alarms.</summary>
    public required bool Changed { get; init; }

    /// <summary>Standard deviation from night to night that the test used, W.</summary>
    public required double NightScatterW { get; init; }

    /// <summary>Whether that was assumed, not estimated.</summary>
    public required bool ScatterAssumed { get; init; }

    /// <summary>Earlier nights.</summary>
    public required int Nights { get; init; }

    /// <summary>
    /// Tests the newest nights against earlier ones, all of them taken with one fingerprint of the machine. Several newest nights are asked as
    /// one: has the level changed since?
    /// </summary>
    /// <param name="earlier">At least one.</param>
    /// <param name="newest">At least one: the night in question, or all since the suspected change.</param>
    /// <param name="falseAlarmRate">Wanted share of false alarms, two-sided, above 0 and below 1.</param>
    /// <param name="assumedNightScatterW">Used where fewer than three earlier nights tell the scatter.</param>
    public static BaselineChange Test(
        IReadOnlyList<BaselineNight> earlier, IReadOnlyList<BaselineNight> newest, double falseAlarmRate = 0.01, double assumedNightScatterW = AssumedNightScatterW)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        ArgumentNullException.ThrowIfNull(newest);
        ArgumentOutOfRangeException.ThrowIfZero(earlier.Count);
        ArgumentOutOfRangeException.ThrowIfZero(newest.Count);
        if (falseAlarmRate is not (> 0 and < 1) || !(assumedNightScatterW >= 0))
            throw new ArgumentOutOfRangeException(nameof(falseAlarmRate), "A rate of false alarms lies between 0 and 1, a scatter is 0 or more.");
        var assumed = earlier.Count < FewestNights;
        var between = assumed ? assumedNightScatterW * assumedNightScatterW : BetweenNights.Of(earlier).BetweenVariance;
        var (old, oldVariance) = Mean(earlier, between);
        var (now, nowVariance) = Mean(newest, between);
        var standard = Math.Sqrt(oldVariance + nowVariance);
        var freedom = assumed ? double.PositiveInfinity : earlier.Count - 1;
        var threshold = -Quantile(falseAlarmRate / 2, freedom) * standard;
        var change = now - old;
        return new BaselineChange
        {
            ChangeW = change,
            StandardW = standard,
            ThresholdW = threshold,
            Probability = standard == 0 ? (change == 0 ? 1 : 0) : 2 * Tail(-Math.Abs(change) / standard, freedom),
            Changed = Math.Abs(change) > threshold,
            NightScatterW = Math.Sqrt(between),
            ScatterAssumed = assumed,
            Nights = earlier.Count,
        };
    }

    private static (double Mean, double Variance) Mean(IReadOnlyList<BaselineNight> nights, double between)
    {
        var weights = nights.Select(night => 1 / Math.Max(1e-12, night.StandardW * night.StandardW + between)).ToArray();
        return (nights.Zip(weights, (night, weight) => night.MeanW * weight).Sum() / weights.Sum(), 1 / weights.Sum());
    }

    private static double Quantile(double probability, double freedom) =>
        double.IsInfinity(freedom) ? Normal.InvCDF(0, 1, probability) : StudentT.InvCDF(0, 1, freedom, probability);

    private static double Tail(double distance, double freedom) =>
        double.IsInfinity(freedom) ? Normal.CDF(0, 1, distance) : StudentT.CDF(0, 1, freedom, distance);
}
