using MathNet.Numerics.Distributions;

namespace MeterLab.Measurement.Statistics;

/// <summary>
/// Agreement of one estimator with the meter over a group of runs, in percent of the meter: bias, spread and limits of agreement
/// (Bland and Altman 1986). A figure that so few runs cannot carry is null: nothing at all for no run, no spread for one.
/// </summary>
public sealed record ErrorStatistics
{
    // Two-sided 95 % of the normal distribution, as Bland and Altman use it for the limits.
    private const double NormalFactor95 = 1.96;

    private ErrorStatistics()
    {
    }

    /// <summary>How many errors.</summary>
    public required int Count { get; init; }

    /// <summary>Mean error.</summary>
    public double? Bias { get; private init; }

    /// <summary>95 % confidence interval of the mean, by Student's t; null below two errors.</summary>
    public (double Low, double High)? BiasConfidence95 { get; private init; }

    /// <summary>Sample standard deviation (n - 1); null below two errors.</summary>
    public double? StandardDeviation { get; private init; }

    /// <summary>Bias ± 1.96 standard deviations: where 95 % of single runs are expected; null below two errors.</summary>
    public (double Low, double High)? LimitsOfAgreement { get; private init; }

    /// <summary>Mean of the absolute errors.</summary>
    public double? MeanAbsolute { get; private init; }

    /// <summary>Median of the absolute errors.</summary>
    public double? MedianAbsolute { get; private init; }

    /// <summary>Smallest (most negative) error.</summary>
    public double? Minimum { get; private init; }

    /// <summary>Median error; the mean of the two in the middle where the count is even.</summary>
    public double? Median { get; private init; }

    /// <summary>Largest error.</summary>
    public double? Maximum { get; private init; }

    /// <summary>(estimate - meter) / meter x 100; negative where the estimate says too little. The meter's energy must be above 0.</summary>
    public static double RelativeErrorPct(double estimate, double meter)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(meter);
        return (estimate - meter) / meter * 100;
    }

    /// <summary>The statistics of relative errors in percent, in any order. Throws where one of them is not a finite number.</summary>
    public static ErrorStatistics From(IEnumerable<double> errorsPct)
    {
        var sorted = errorsPct.Order().ToArray();
        if (!Array.TrueForAll(sorted, double.IsFinite))
            throw new ArgumentException("Every error must be a finite number.", nameof(errorsPct));
        var n = sorted.Length;
        if (n == 0)
            return new ErrorStatistics { Count = 0 };

        var absolute = sorted.Select(Math.Abs).Order().ToArray();
        var statistics = new ErrorStatistics
        {
            Count = n,
            Bias = sorted.Average(),
            MeanAbsolute = absolute.Average(),
            MedianAbsolute = MedianOfSorted(absolute),
            Minimum = sorted[0],
            Median = MedianOfSorted(sorted),
            Maximum = sorted[^1],
        };
        return n == 1 ? statistics : statistics.WithSpread(sorted);
    }

    private ErrorStatistics WithSpread(double[] errors)
    {
        var n = errors.Length;
        var bias = Bias!.Value;
        var deviation = Math.Sqrt(errors.Sum(error => (error - bias) * (error - bias)) / (n - 1));
        var half = StudentFactor95(n - 1) * deviation / Math.Sqrt(n);
        return this with
        {
            StandardDeviation = deviation,
            BiasConfidence95 = (bias - half, bias + half),
            LimitsOfAgreement = (bias - NormalFactor95 * deviation, bias + NormalFactor95 * deviation),
        };
    }

    /// <summary>The coverage factor for 95 % with so many degrees of freedom (two-sided Student's t): 12.7 for 1, 1.96 for many.</summary>
    public static double StudentFactor95(int degreesOfFreedom)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(degreesOfFreedom, 1);
        return StudentT.InvCDF(0, 1, degreesOfFreedom, 0.975);
    }

    private static double MedianOfSorted(double[] sorted)
    {
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
