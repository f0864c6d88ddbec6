using MathNet.Numerics.Distributions;

namespace MeterLab.Measurement.Statistics;

/// <summary>
/// Whether a mean lies within a margin, shown and not merely not refuted: two one-sided tests (Schuirmann 1987). Not to find a difference is
/// no equivalence; this asks for evidence.
/// </summary>
/// <param name="Probability">The larger of the two one-sided probabilities; below 0.05 the mean is shown to lie within the margin.</param>
/// <param name="DifferenceProbability">Two-sided probability of so large a mean where the true one is 0.</param>
/// <param name="Interval90">The 90 % interval of the mean: within the margin exactly where the test succeeds.</param>
public sealed record Equivalence(double Probability, double DifferenceProbability, (double Low, double High) Interval90)
{
    /// <summary>Whether equivalence is shown at 5 %.</summary>
    public bool Shown => Probability < 0.05;

    /// <summary>Tests a mean with its standard error against ± margin.</summary>
    public static Equivalence Test(double mean, double standardError, int degreesOfFreedom, double margin)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(margin);
        ArgumentOutOfRangeException.ThrowIfNegative(standardError);
        ArgumentOutOfRangeException.ThrowIfLessThan(degreesOfFreedom, 1);
        if (standardError == 0)
            return new Equivalence(Math.Abs(mean) < margin ? 0 : 1, mean == 0 ? 1 : 0, (mean, mean));
        double Below(double t) => StudentT.CDF(0, 1, degreesOfFreedom, t);
        var probability = Math.Max(Below((mean - margin) / standardError), Below((-margin - mean) / standardError));
        var half = StudentT.InvCDF(0, 1, degreesOfFreedom, 0.95) * standardError;
        return new Equivalence(probability, 2 * Below(-Math.Abs(mean) / standardError), (mean - half, mean + half));
    }
}
