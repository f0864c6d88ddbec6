using MathNet.Numerics.Distributions;
using MathNet.Numerics.RootFinding;

namespace MeterLab.Measurement.Statistics;

/// <summary>
/// How far a weighted difference between nights lies from 0 where nothing has changed: Student's t with the degrees of freedom of Welch and
/// Satterthwaite (JCGM 100:2008, G.4) for each scatter from night to night that may be believed, mixed by their weights.
/// </summary>
internal sealed class DifferenceLaw
{
    // Finer than any meter; keeps nights without an uncertainty from differing by nothing at all.
    private const double LeastVariance = 1e-12;

    // From here on Student's t is the normal law to eight digits.
    private const double Many = 1e7;

    private readonly (double Standard, double Freedom, double Weight)[] _parts;

    /// <summary>The law of the sum of each night's mean times its share.</summary>
    public DifferenceLaw(IReadOnlyList<(BaselineNight Night, double Share)> shares, NightScatter scatter)
    {
        var own = shares.Sum(one => Square(one.Share * one.Night.StandardW));
        var scattered = shares.Sum(one => Square(one.Share));
        var poorly = shares.Sum(one => Square(Square(one.Share * one.Night.StandardW)) / one.Night.Freedom);
        _parts = new (double, double, double)[scatter.StandardW.Count];
        for (var i = 0; i < _parts.Length; i++)
        {
            // The scatter itself is given here; that it is not known well is what the weights say.
            var variance = Math.Max(LeastVariance, own + scattered * Square(scatter.StandardW[i]));
            _parts[i] = (Math.Sqrt(variance), poorly > 0 ? variance * variance / poorly : double.PositiveInfinity, scatter.Weights[i]);
        }
    }

    /// <summary>How often a difference of this size or more comes, two-sided.</summary>
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
        return Brent.FindRoot(size => Math.Log(Probability(size) / rate), low, high, 1e-9 * high, 200);
    }

    private static double Square(double value) => value * value;
}
