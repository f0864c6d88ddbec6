using MathNet.Numerics.Distributions;
using MathNet.Numerics.RootFinding;

namespace MeterLab.Measurement.Statistics;

/// <summary>Several of Student's laws about 0, each with its scale, its degrees of freedom and its weight: what is believed of an error whose size is not known for sure.</summary>
internal sealed class StudentMixture
{
    // From here on Student's t is the normal law to eight digits.
    private const double Many = 1e7;

    // Parts that together weigh less move no digit that is ever shown.
    private const double Negligible = 1e-7;

    private readonly (double Standard, double Freedom, double Weight)[] _parts;

    /// <summary>From parts with scales above 0, degrees of freedom of 1 or more, and any weights.</summary>
    public StudentMixture(IReadOnlyList<(double Standard, double Freedom, double Weight)> parts)
    {
        var most = parts.Max(part => part.Weight);
        var kept = parts.Where(part => part.Weight > Negligible / parts.Count * most).ToArray();
        var total = kept.Sum(part => part.Weight);
        _parts = [.. kept.Select(part => (part.Standard, part.Freedom, part.Weight / total))];
    }

    /// <summary>How often an error of this size or more comes, two-sided.</summary>
    public double Probability(double size)
    {
        var sum = 0.0;
        foreach (var (standard, freedom, weight) in _parts)
            sum += weight * 2 * (freedom > Many ? Normal.CDF(0, 1, -size / standard) : StudentT.CDF(0, 1, freedom, -size / standard));
        return Math.Min(1, sum);
    }

    /// <summary>The size that comes that often.</summary>
    public double Threshold(double rate)
    {
        var (low, high) = (0.0, _parts[0].Standard);
        while (Probability(high) > rate)
            (low, high) = (high, 2 * high);
        return Brent.FindRoot(size => Math.Log(Probability(size) / rate), low, high, 1e-7 * high, 200);
    }

    /// <summary>The one law that has the same size at 5 % and at 1 %: its scale and its degrees of freedom.</summary>
    public (double Standard, double Freedom) Alike()
    {
        var (often, seldom) = (Threshold(0.05), Threshold(0.01));
        var (low, high) = (0.0, Math.Log(Many));
        for (var i = 0; i < 40; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = Factor(0.01, middle) / Factor(0.05, middle) > seldom / often ? (middle, high) : (low, middle);
        }

        return (often / Factor(0.05, high), Math.Exp(high));
    }

    private static double Factor(double rate, double logFreedom) => -StudentT.InvCDF(0, 1, Math.Exp(logFreedom), rate / 2);
}
