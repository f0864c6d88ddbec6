namespace MeterLab.Measurement.Statistics;

/// <summary>
/// The mean of a steady series whose values hang together, with a standard error that knows it. The series' cosine coefficients are independent of
/// each other, nearly, and show at which pace it wanders; its mean is the coefficient at no pace at all, and is extrapolated to. Which kind of noise
/// it is nobody knows: every kind of <see cref="WanderModel"/> is fitted, and the mean's error is Student's t of each, mixed by how well it explains
/// the coefficients. A wandering that the series is too short to tell from noise widens the interval as far as it may still be there.
/// </summary>
public sealed record AutocorrelatedMean
{
    /// <summary>Values that a mean needs.</summary>
    public const int Fewest = 8;

    // Quicker paces tell the level of white noise, which so many know to an eighth, and nothing of slow wandering; a machine's quick noise follows no model.
    private const int MostCoefficients = 32;

    private AutocorrelatedMean()
    {
    }

    /// <summary>Mean, in the unit of the values.</summary>
    public required double Mean { get; init; }

    /// <summary>Its standard error: the scale of the Student's t with <see cref="Freedom"/> degrees of freedom that gives the interval for 95 % and that for 99 %.</summary>
    public required double StandardError { get; init; }

    /// <summary>Degrees of freedom of the standard error, 1 or more.</summary>
    public required double Freedom { get; init; }

    /// <summary>Expanded uncertainty (95 %) of the mean.</summary>
    public required double Uncertainty95 { get; init; }

    /// <summary>How many independent values would give this error, as likely more as fewer: at least 1, at most the count.</summary>
    public required double EffectiveCount { get; init; }

    /// <summary>How many values.</summary>
    public required int Count { get; init; }

    /// <summary>From at least eight finite values: means over equal intervals, without gaps.</summary>
    public static AutocorrelatedMean Of(ReadOnlySpan<double> values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Length, Fewest);
        var mean = 0.0;
        foreach (var value in values)
            mean += double.IsFinite(value) ? value / values.Length : throw new ArgumentException("Every value must be a finite number.", nameof(values));
        var variance = 0.0;
        foreach (var value in values)
            variance += (value - mean) * (value - mean) / (values.Length - 1);
        var powers = Powers(values, mean, Math.Min(MostCoefficients, values.Length - 1));
        // A constant to the last digit, or one step in the middle, which has no even coefficients.
        if (variance <= 1e-30 * mean * mean || powers.Max() == 0)
            return new AutocorrelatedMean { Mean = mean, StandardError = 0, Freedom = values.Length - 1, Uncertainty95 = 0, EffectiveCount = values.Length, Count = values.Length };
        var kinds = Kinds(powers, values.Length);
        var mixture = new StudentMixture(kinds);
        var (standard, freedom) = mixture.Alike();
        return new AutocorrelatedMean
        {
            Mean = mean,
            StandardError = standard,
            Freedom = freedom,
            Uncertainty95 = mixture.Threshold(0.05),
            EffectiveCount = Math.Clamp(variance / Math.Pow(Median(kinds), 2), 1, values.Length),
            Count = values.Length,
        };
    }

    // Squares of the cosine coefficients (DCT-II); white noise gives each the variance of the mean.
    private static double[] Powers(ReadOnlySpan<double> values, double mean, int coefficients)
    {
        double n = values.Length;
        var powers = new double[coefficients];
        for (var k = 1; k <= coefficients; k++)
        {
            var sum = 0.0;
            for (var i = 0; i < values.Length; i++)
                sum += (values[i] - mean) * Math.Cos(Math.PI * k * (i + 0.5) / n);
            powers[k - 1] = 2 * sum * sum / (n * n);
        }

        return powers;
    }

    // The scale of each kind is free (Jeffreys' prior), which makes its likelihood a power of the weighted squares and the mean's error a Student's t.
    private static List<(double Standard, double Freedom, double Weight)> Kinds(double[] powers, int count)
    {
        var kinds = new List<(double Standard, double Freedom, double LogWeight)>();
        foreach (var model in WanderModel.For(count, powers.Length))
        {
            var (squares, logs) = (0.0, 0.0);
            for (var k = 0; k < powers.Length; k++)
            {
                squares += powers[k] / model.Coefficients[k];
                logs += Math.Log(model.Coefficients[k]);
            }

            kinds.Add((Math.Sqrt(model.Mean * squares / powers.Length), powers.Length, Math.Log(model.Weight) - logs / 2 - powers.Length / 2.0 * Math.Log(squares)));
        }

        var most = kinds.Max(kind => kind.LogWeight);
        return [.. kinds.Select(kind => (kind.Standard, kind.Freedom, Math.Exp(kind.LogWeight - most)))];
    }

    private static double Median(List<(double Standard, double Freedom, double Weight)> kinds)
    {
        var half = kinds.Sum(kind => kind.Weight) / 2;
        foreach (var (standard, _, weight) in kinds.OrderBy(kind => kind.Standard))
        {
            half -= weight;
            if (half <= 0)
                return standard;
        }

        return kinds.Max(kind => kind.Standard);
    }
}
