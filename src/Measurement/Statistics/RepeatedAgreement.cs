using MathNet.Numerics.Distributions;

namespace MeterLab.Measurement.Statistics;

/// <summary>
/// Agreement where each kind of work was run several times (Bland and Altman 1999, 2007): runs of one kind err alike, so the spread has a part
/// between kinds and a part within them, and bias and limits rest on the number of kinds more than on that of runs. Intervals of the limits by
/// the method of variance estimates recovery (Zou 2013).
/// </summary>
public sealed record RepeatedAgreement
{
    private const double Normal95 = 1.96;

    private RepeatedAgreement()
    {
    }

    /// <summary>How many errors.</summary>
    public required int Count { get; init; }

    /// <summary>How many kinds of work.</summary>
    public required int Kinds { get; init; }

    /// <summary>Mean error.</summary>
    public required double Bias { get; init; }

    /// <summary>Standard error of the bias: of the means of the kinds where they differ more than their runs do.</summary>
    public required double BiasStandard { get; init; }

    /// <summary>Its degrees of freedom.</summary>
    public required int BiasFreedom { get; init; }

    /// <summary>Standard deviation of runs of one kind; null without repetitions.</summary>
    public double? Within { get; init; }

    /// <summary>Standard deviation of kinds beyond that; null without repetitions.</summary>
    public double? Between { get; init; }

    /// <summary>Bias ± 1.96 standard deviations of a run of any kind.</summary>
    public required (double Low, double High) Limits { get; init; }

    /// <summary>95 % interval of the lower limit.</summary>
    public required (double Low, double High) LowerLimit95 { get; init; }

    /// <summary>95 % interval of the upper limit.</summary>
    public required (double Low, double High) UpperLimit95 { get; init; }

    /// <summary>95 % interval of the bias.</summary>
    public (double Low, double High) Bias95
    {
        get
        {
            var half = ErrorStatistics.StudentFactor95(BiasFreedom) * BiasStandard;
            return (Bias - half, Bias + half);
        }
    }

    /// <summary>From errors with the kind of work of each; null below two errors. Throws where an error is not finite.</summary>
    public static RepeatedAgreement? From(IReadOnlyList<double> errors, IReadOnlyList<string> kinds)
    {
        ArgumentNullException.ThrowIfNull(errors);
        ArgumentNullException.ThrowIfNull(kinds);
        if (errors.Count != kinds.Count || !errors.All(double.IsFinite))
            throw new ArgumentException("Every error is a finite number and has a kind.", nameof(errors));
        if (errors.Count < 2)
            return null;
        var groups = errors.Zip(kinds).GroupBy(pair => pair.Second, pair => pair.First, StringComparer.Ordinal).Select(group => group.ToArray()).ToArray();
        var bias = errors.Average();
        // One kind only, or no repetitions: all errors are alike.
        return groups.Length == 1 || groups.Length == errors.Count
            ? Alike(errors, groups.Length, bias)
            : Nested(errors.Count, groups, bias);
    }

    private static RepeatedAgreement Alike(IReadOnlyList<double> errors, int kinds, double bias)
    {
        var freedom = errors.Count - 1;
        var variance = errors.Sum(error => (error - bias) * (error - bias)) / freedom;
        var (low, high) = Chi(variance, freedom);
        var agreement = With(errors.Count, kinds, bias, Math.Sqrt(variance / errors.Count), freedom, variance, low, high);
        return kinds == 1 ? agreement with { Within = Math.Sqrt(variance) } : agreement;
    }

    private static RepeatedAgreement Nested(int count, double[][] groups, double bias)
    {
        var (between, within) = (0.0, 0.0);
        foreach (var group in groups)
        {
            var mean = group.Average();
            between += group.Length * (mean - bias) * (mean - bias);
            within += group.Sum(error => (error - mean) * (error - mean));
        }

        var (freedomBetween, freedomWithin) = (groups.Length - 1, count - groups.Length);
        (between, within) = (between / freedomBetween, within / freedomWithin);
        var size = (count - groups.Sum(group => (double)group.Length * group.Length) / count) / freedomBetween;
        var more = Math.Max(0, (between - within) / size);
        // The variance of a run of any kind is a sum of the two mean squares; so are the squared distances of its interval's ends.
        var (a, b) = more > 0 ? (1 / size, 1 - 1 / size) : (0.0, 1.0);
        var variance = a * between + b * within;
        var ((lowBetween, highBetween), (lowWithin, highWithin)) = (Chi(between, freedomBetween), Chi(within, freedomWithin));
        var low = variance - Math.Sqrt(Square(a * (between - lowBetween)) + Square(b * (within - lowWithin)));
        var high = variance + Math.Sqrt(Square(a * (highBetween - between)) + Square(b * (highWithin - within)));
        var standard = Math.Sqrt(groups.Sum(group => Square(group.Length / (double)count)) * more + within / count);
        return With(count, groups.Length, bias, standard, more > 0 ? freedomBetween : count - 1, variance, Math.Max(0, low), high) with
        {
            Within = Math.Sqrt(within), Between = Math.Sqrt(more),
        };
    }

    private static RepeatedAgreement With(int count, int kinds, double bias, double standard, int freedom, double variance, double low, double high)
    {
        var half = ErrorStatistics.StudentFactor95(freedom) * standard;
        var (deviation, down, up) = (Math.Sqrt(variance), Math.Sqrt(low), Math.Sqrt(high));
        var inner = Math.Sqrt(half * half + Square(Normal95 * (deviation - down)));
        var outer = Math.Sqrt(half * half + Square(Normal95 * (up - deviation)));
        var (lower, upper) = (bias - Normal95 * deviation, bias + Normal95 * deviation);
        return new RepeatedAgreement
        {
            Count = count,
            Kinds = kinds,
            Bias = bias,
            BiasStandard = standard,
            BiasFreedom = freedom,
            Limits = (lower, upper),
            LowerLimit95 = (lower - outer, lower + inner),
            UpperLimit95 = (upper - inner, upper + outer),
        };
    }

    // 95 % interval of a variance.
    private static (double Low, double High) Chi(double variance, int freedom) =>
        (variance * freedom / ChiSquared.InvCDF(freedom, 0.975), variance * freedom / ChiSquared.InvCDF(freedom, 0.025));

    private static double Square(double value) => value * value;
}
