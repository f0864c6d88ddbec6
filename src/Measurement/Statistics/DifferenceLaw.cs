namespace MeterLab.Measurement.Statistics;

/// <summary>
/// How far a weighted difference between nights lies from 0 where nothing has changed: Student's t with the degrees of freedom of Welch and
/// Satterthwaite (JCGM 100:2008, G.4) for each scatter from night to night that may be believed, mixed by their weights.
/// </summary>
internal static class DifferenceLaw
{
    // Finer than any meter; keeps nights without an uncertainty from differing by nothing at all.
    private const double LeastVariance = 1e-12;

    /// <summary>The law of the sum of each night's mean times its share.</summary>
    public static StudentMixture Of(IReadOnlyList<(BaselineNight Night, double Share)> shares, NightScatter scatter)
    {
        var own = shares.Sum(one => Square(one.Share * one.Night.StandardW));
        var scattered = shares.Sum(one => Square(one.Share));
        var poorly = shares.Sum(one => Square(Square(one.Share * one.Night.StandardW)) / one.Night.Freedom);
        return new StudentMixture([.. scatter.StandardW.Zip(scatter.Weights, (standard, weight) =>
        {
            // The scatter itself is given here; that it is not known well is what the weights say.
            var variance = Math.Max(LeastVariance, own + scattered * Square(standard));
            return (Math.Sqrt(variance), poorly > 0 ? variance * variance / poorly : double.PositiveInfinity, weight);
        })]);
    }

    private static double Square(double value) => value * value;
}
