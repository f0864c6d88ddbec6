using MathNet.Numerics.Distributions;

namespace MeterLab.Measurement.Statistics;

/// <summary>
/// The level of some nights and the scatter from night to night that their own uncertainties do not explain (Mandel and Paule 1970):
/// the variance between nights for which the weighted squares come to their degrees of freedom.
/// </summary>
/// <param name="LevelW">Weighted mean, W.</param>
/// <param name="LevelVariance">Its variance, W².</param>
/// <param name="BetweenVariance">Variance between nights, W², 0 or more.</param>
/// <param name="Nights">How many.</param>
public readonly record struct BetweenNights(double LevelW, double LevelVariance, double BetweenVariance, int Nights)
{
    // Finer than any meter; keeps a night without an uncertainty from having all the weight.
    private const double LeastVariance = 1e-12;

    /// <summary>From at least two nights.</summary>
    public static BetweenNights Of(IReadOnlyList<BaselineNight> nights)
    {
        ArgumentNullException.ThrowIfNull(nights);
        ArgumentOutOfRangeException.ThrowIfLessThan(nights.Count, 2);
        if (nights.Any(night => !double.IsFinite(night.MeanW) || !(night.StandardW >= 0) || !double.IsFinite(night.StandardW)))
            throw new ArgumentException("A night has a finite mean and a standard uncertainty of 0 or more.", nameof(nights));
        var freedom = nights.Count - 1;
        var (low, high) = (0.0, 0.0);
        if (Squares(nights, 0) > freedom)
        {
            high = nights.Max(night => Math.Pow(night.MeanW - nights[0].MeanW, 2)) * 4 + LeastVariance;
            for (var i = 0; i < 100; i++)
            {
                var middle = (low + high) / 2;
                (low, high) = Squares(nights, middle) > freedom ? (middle, high) : (low, middle);
            }
        }

        var (level, weight) = Level(nights, high);
        return new BetweenNights(level, 1 / weight, high, nights.Count);
    }

    /// <summary>
    /// How far a further night lies from the level, in standard uncertainties of that difference: its own, the level's, and the scatter between nights.
    /// Where nothing has changed it has Student's t with one degree of freedom less than there were nights.
    /// </summary>
    public double Distance(BaselineNight night) =>
        (night.MeanW - LevelW) / Math.Sqrt(Math.Max(LeastVariance, BetweenVariance + night.StandardW * night.StandardW + LevelVariance));

    /// <summary>The same as a normal deviate: one number for histories of any length.</summary>
    public double Deviate(BaselineNight night)
    {
        // From the nearer tail, so that a large distance keeps its digits.
        var distance = Distance(night);
        var tail = StudentT.CDF(0, 1, Nights - 1, -Math.Abs(distance));
        var size = tail < 1e-300 ? 37 : -Normal.InvCDF(0, 1, tail);
        return distance < 0 ? -size : size;
    }

    private static double Squares(IReadOnlyList<BaselineNight> nights, double between)
    {
        var (level, _) = Level(nights, between);
        return nights.Sum(night => Math.Pow(night.MeanW - level, 2) / Variance(night, between));
    }

    private static (double Level, double Weight) Level(IReadOnlyList<BaselineNight> nights, double between)
    {
        var weight = nights.Sum(night => 1 / Variance(night, between));
        return (nights.Sum(night => night.MeanW / Variance(night, between)) / weight, weight);
    }

    private static double Variance(BaselineNight night, double between) => Math.Max(LeastVariance, night.StandardW * night.StandardW + between);
}
