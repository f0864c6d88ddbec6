namespace MeterLab.Measurement.Statistics;

/// <summary>
/// Whether a series has settled, and from where on. The start is cut off where the mean of the rest is known best (MSER-5, White 1997). The
/// rest is steady if the interval of its slope contains zero, or the slope is of no consequence, and if its variance is that of its successive
/// differences (ratio test, Cao and Rhinehart 1995, on batch means, which the series' own memory does not deceive).
/// </summary>
public sealed record SteadyState
{
    private const int Batch = 5;
    private const int FewestBatches = 12;
    private const int TestBatches = 20;

    private SteadyState()
    {
    }

    /// <summary>Whether it is steady from <see cref="From"/> on.</summary>
    public required bool Steady { get; init; }

    /// <summary>Index of the first value that counts.</summary>
    public required int From { get; init; }

    /// <summary>Slope of the rest, in units of the values from one to the next.</summary>
    public double Slope { get; init; }

    /// <summary>Its standard error.</summary>
    public double SlopeStandard { get; init; }

    /// <summary>Variance over half the mean squared successive difference of batch means: 1 where steady, larger where it wanders.</summary>
    public double VarianceRatio { get; init; }

    /// <summary>Why it is not steady, in words; null where it is.</summary>
    public string? Reason { get; init; }

    /// <summary>Judges a series of evenly spaced, finite values.</summary>
    /// <param name="values">In their order.</param>
    /// <param name="negligible">A drift over the whole rest that is of no consequence, in the unit of the values; 0 takes every one seriously.</param>
    public static SteadyState Of(ReadOnlySpan<double> values, double negligible = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(negligible);
        var batches = Means(values, values.Length / Batch);
        if (batches.Length < FewestBatches)
            return new SteadyState { Steady = false, From = 0, Reason = $"{values.Length} values are too few to tell; {FewestBatches * Batch} are wanted" };
        var cut = Truncation(batches);
        // A cut so late is chance where the whole series is steady, and otherwise says that it settled too late to tell.
        var late = cut >= batches.Length / 2;
        cut = late ? 0 : cut;
        var rest = values[(cut * Batch)..];
        var means = Means(rest, Math.Min(TestBatches, rest.Length / Batch));
        var (slope, standard) = Line(means);
        var ratio = Ratio(means);
        var perValue = (double)rest.Length / means.Length;
        var reason = Why(means, slope, standard, ratio, negligible);
        if (reason is not null && late)
            reason = $"it has not settled, or too late to tell: {reason}";
        return new SteadyState
        {
            Steady = reason is null, From = cut * Batch, Slope = slope / perValue, SlopeStandard = standard / perValue, VarianceRatio = ratio, Reason = reason,
        };
    }

    private static string? Why(double[] means, double slope, double standard, double ratio, double negligible)
    {
        var n = means.Length;
        if (means.Max() - means.Min() <= negligible)
            return null;
        var drift = Math.Abs(slope) * (n - 1);
        if (drift > negligible && Math.Abs(slope) > ErrorStatistics.StudentFactor95(n - 2) * standard)
            return FormattableString.Invariant($"it drifts by {slope * (n - 1):+0.###;-0.###} over the stretch, more than chance explains");
        // The ratio of a steady series of n has the standard deviation sqrt((n - 2) / (n² - 1)) (von Neumann 1941).
        var limit = 1 / (1 - 2.33 * Math.Sqrt((n - 2.0) / (n * (double)n - 1)));
        return ratio > limit ? FormattableString.Invariant($"it wanders: its variance is {ratio:0.0} times that of successive differences, {limit:0.0} at most were right") : null;
    }

    // MSER: the cut that makes the squared standard error of the mean of the rest smallest.
    private static int Truncation(double[] batches)
    {
        var (best, cut) = (double.PositiveInfinity, 0);
        var (sum, squares, count) = (0.0, 0.0, 0);
        var shift = batches[^1];
        for (var first = batches.Length - 1; first >= 0; first--)
        {
            var value = batches[first] - shift;
            (sum, squares, count) = (sum + value, squares + value * value, count + 1);
            var error = (squares - sum * sum / count) / ((double)count * count);
            // The last few alone look steady by chance.
            if (count >= FewestBatches / 2 && error <= best)
                (best, cut) = (error, first);
        }

        return cut;
    }

    private static double[] Means(ReadOnlySpan<double> values, int count)
    {
        var means = new double[Math.Max(0, count)];
        for (var i = 0; i < means.Length; i++)
        {
            var (from, to) = ((int)((long)values.Length * i / count), (int)((long)values.Length * (i + 1) / count));
            foreach (var value in values[from..to])
                means[i] += double.IsFinite(value) ? value / (to - from) : throw new ArgumentException("Every value must be a finite number.", nameof(values));
        }

        return means;
    }

    private static (double Slope, double Standard) Line(double[] values)
    {
        var n = values.Length;
        var (middle, mean) = ((n - 1) / 2.0, values.Average());
        var (products, squares) = (0.0, 0.0);
        for (var i = 0; i < n; i++)
            (products, squares) = (products + (i - middle) * (values[i] - mean), squares + (i - middle) * (i - middle));
        var slope = products / squares;
        var residual = values.Select((value, i) => Math.Pow(value - mean - slope * (i - middle), 2)).Sum() / (n - 2);
        return (slope, Math.Sqrt(residual / squares));
    }

    private static double Ratio(double[] values)
    {
        var mean = values.Average();
        var variance = values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
        var differences = 0.0;
        for (var i = 1; i < values.Length; i++)
            differences += (values[i] - values[i - 1]) * (values[i] - values[i - 1]);
        differences /= 2.0 * (values.Length - 1);
        return differences == 0 ? 1 : variance / differences;
    }
}
