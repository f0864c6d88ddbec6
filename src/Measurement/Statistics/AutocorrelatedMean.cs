namespace MeterLab.Measurement.Statistics;

/// <summary>
/// The mean of a steady series whose values hang together, with a standard error that knows it: long-run variance by Newey and West (1987) on
/// the residuals of a first-order autoregression (prewhitening, Andrews and Monahan 1992), whose coefficient is corrected for the bias that a
/// short series gives it (Kendall 1954).
/// </summary>
public sealed record AutocorrelatedMean
{
    // A coefficient nearer to 1 is a drift, not a memory; the standard error would have no bound.
    private const double MostCoefficient = 0.97;

    private AutocorrelatedMean()
    {
    }

    /// <summary>Mean, in the unit of the values.</summary>
    public required double Mean { get; init; }

    /// <summary>Its standard error.</summary>
    public required double StandardError { get; init; }

    /// <summary>How many independent values would give this error: at least 1, at most the count.</summary>
    public required double EffectiveCount { get; init; }

    /// <summary>Coefficient of the first-order autoregression.</summary>
    public required double Coefficient { get; init; }

    /// <summary>How many values.</summary>
    public required int Count { get; init; }

    /// <summary>Expanded uncertainty (95 %) of the mean by Student's t with the effective count less one.</summary>
    public double Uncertainty95 => ErrorStatistics.StudentFactor95(Math.Max(1, (int)EffectiveCount - 1)) * StandardError;

    /// <summary>From at least four finite values, evenly spaced.</summary>
    public static AutocorrelatedMean Of(ReadOnlySpan<double> values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Length, 4);
        var n = values.Length;
        var mean = 0.0;
        foreach (var value in values)
            mean += double.IsFinite(value) ? value / n : throw new ArgumentException("Every value must be a finite number.", nameof(values));
        var (variance, lagged) = (0.0, 0.0);
        for (var i = 0; i < n; i++)
        {
            variance += (values[i] - mean) * (values[i] - mean);
            if (i > 0)
                lagged += (values[i] - mean) * (values[i - 1] - mean);
        }

        if (variance <= 1e-30 * mean * mean)
            return new AutocorrelatedMean { Mean = mean, StandardError = 0, EffectiveCount = n, Coefficient = 0, Count = n };
        var raw = lagged / variance;
        var coefficient = Math.Clamp(raw + (1 + 3 * raw) / n, -MostCoefficient, MostCoefficient);
        var longRun = LongRun(values, mean, coefficient) / ((1 - coefficient) * (1 - coefficient));
        var own = variance / (n - 1);
        var effective = Math.Clamp(n * own / longRun, 1, n);
        return new AutocorrelatedMean
        {
            // A memory that alternates would make the error smaller than that of independent values; a meter's noise gives no right to that.
            Mean = mean, StandardError = Math.Sqrt(Math.Max(longRun, own) / n), EffectiveCount = effective, Coefficient = coefficient, Count = n,
        };
    }

    private static double LongRun(ReadOnlySpan<double> values, double mean, double coefficient)
    {
        var residuals = new double[values.Length - 1];
        for (var i = 0; i < residuals.Length; i++)
            residuals[i] = values[i + 1] - mean - coefficient * (values[i] - mean);
        var lags = (int)(4 * Math.Pow(residuals.Length / 100.0, 2.0 / 9));
        var sum = Product(residuals, 0);
        var alone = sum;
        for (var lag = 1; lag <= Math.Min(lags, residuals.Length - 1); lag++)
            sum += 2 * (1 - lag / (lags + 1.0)) * Product(residuals, lag);
        // Mean and coefficient were taken from the same values.
        return Math.Max(sum, 0.1 * alone) / Math.Max(1, residuals.Length - 2);
    }

    private static double Product(double[] values, int lag)
    {
        var sum = 0.0;
        for (var i = lag; i < values.Length; i++)
            sum += values[i] * values[i - lag];
        return sum;
    }
}
