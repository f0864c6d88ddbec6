using MeterLab.Measurement.Statistics;

namespace MeterLab.Measurement.Energy;

/// <summary>What a meter that looks only now and then does not see of a load.</summary>
/// <param name="StandardJ">Standard uncertainty of the energy, J.</param>
/// <param name="Events">How many independent events it rests on.</param>
/// <param name="UnderSampled">Why no interval is honest; null where one is.</param>
internal sealed record SamplingTerm(double StandardJ, double Events, string? UnderSampled)
{
    // Above this share of the time nothing of importance stays unseen.
    private const double MostlySeen = 0.7;

    // Below this ratio of second differences each value is as good as independent of the one before.
    private const double WithoutMemory = 1.4;

    // A load that is at one level for four fifths of the time or more: what is rare is missed by chance.
    private const double Skewed = 1.3;

    // An excursion of one value stands out if it is so many times the usual second difference, and its neighbours agree so much better.
    private const double StandsOut = 8;
    private const double NeighboursAgree = 3;

    /// <summary>
    /// From the levels of a window and of its neighbourhood. <paramref name="otherJ"/> is what else is uncertain (standard), and
    /// <paramref name="limit"/> the meter's limit of error for a reading, W: a scatter within it says nothing about the load.
    /// </summary>
    public static SamplingTerm Of(CumulativeEnergy energy, WindowEstimate estimate, RunWindow window, double otherJ, double limit)
    {
        if (energy.Seen >= 1)
            return new SamplingTerm(0, double.PositiveInfinity, null);
        var roughness = estimate.Roughness;
        var spacings = window.Seconds / energy.PeriodSeconds;
        var bursts = estimate.Bursts;
        if (energy.IsContiguous)
            return new SamplingTerm(energy.PeriodSeconds * Math.Sqrt(spacings * roughness.SpacingFactor * roughness.OwnSquare), roughness.Events, null);
        var factor = bursts.CouldBeat ? Math.Max(roughness.SpacingFactor, roughness.BurstsFactor) : roughness.SpacingFactor;
        var standard = energy.PeriodSeconds * Math.Sqrt(spacings * factor * roughness.OwnSquare);
        var beat = bursts.AwayW * window.Seconds;
        var both = Math.Sqrt(standard * standard + beat * beat + bursts.EdgesJ * bursts.EdgesJ);
        return new SamplingTerm(both, roughness.Events, energy.Seen >= MostlySeen ? null : Hidden(energy, estimate, spacings, standard, otherJ, limit));
    }

    private static string? Hidden(CumulativeEnergy energy, WindowEstimate estimate, double spacings, double standard, double otherJ, double limit)
    {
        var (first, last) = estimate.Levels;
        var caught = HiddenFlanks.Share(energy.Levels, first, last, energy.Seen, limit);
        if (caught > 0)
        {
            return FormattableString.Invariant(
                $"{100 * caught:0} % of the values, of {energy.AveragingSeconds:G3} s each, were caught between two levels of the load: it changes more than once in the {energy.PeriodSeconds:G3} s from one value to the next.");
        }

        if (estimate.Bursts.TooLargeSwing > 0)
        {
            return FormattableString.Invariant(
                $"The values swing by {100 * estimate.Bursts.TooLargeSwing:0} % of their mean and come back, as the beat of a load that switches faster than the {energy.PeriodSeconds:G3} s between values would; each shows {energy.AveragingSeconds:G3} s of it.");
        }

        var scatter = Math.Sqrt(estimate.Roughness.OwnSquare / 6);
        if (estimate.Roughness.Ratio < WithoutMemory && scatter > limit && standard > otherJ && Skewness(energy.Levels[first..last]) > Skewed)
        {
            return FormattableString.Invariant(
                $"The load moves by {scatter:G3} W from one value to the next and back; values {energy.PeriodSeconds:G3} s apart, each of {energy.AveragingSeconds:G3} s, do not show what it does between them.");
        }

        var (from, to) = last > first ? LikeStretch.Of(energy.Levels, first, last) : (0, energy.Levels.Length);
        var around = energy.Levels[from..to];
        var (count, squares) = Excursions(around, limit);
        var unseen = energy.PeriodSeconds * Math.Sqrt(squares * (1 - energy.Seen) * Math.Min(1, spacings / Math.Max(1, around.Length)));
        return count > 0 && unseen > otherJ / 2
            ? FormattableString.Invariant(
                $"The load has peaks shorter than the {energy.PeriodSeconds:G3} s between values: {count} of {around.Length} values stand alone, and {100 * (1 - energy.Seen):0} % of the time is not seen.")
            : null;
    }

    private static double Skewness(ReadOnlySpan<double> levels)
    {
        double mean = 0, second = 0, third = 0;
        foreach (var level in levels)
            mean += level / levels.Length;
        foreach (var level in levels)
            (second, third) = (second + Math.Pow(level - mean, 2) / levels.Length, third + Math.Pow(level - mean, 3) / levels.Length);
        return second > 0 ? Math.Abs(third) / Math.Pow(second, 1.5) : 0;
    }

    // Values that stand alone: beyond what the others scatter, while their neighbours agree.
    private static (int Count, double Squares) Excursions(ReadOnlySpan<double> levels, double limit)
    {
        if (levels.Length < 5)
            return (0, 0);
        var sizes = new double[levels.Length - 2];
        for (var k = 0; k < sizes.Length; k++)
            sizes[k] = Math.Abs(levels[k + 1] - (levels[k] + levels[k + 2]) / 2);
        var usual = Selection.At(sizes.ToArray(), sizes.Length / 2);
        var (count, squares) = (0, 0.0);
        for (var k = 0; k < sizes.Length; k++)
        {
            if (sizes[k] > StandsOut * usual && sizes[k] > 2 * limit && sizes[k] > NeighboursAgree * Math.Abs(levels[k + 2] - levels[k]))
                (count, squares) = (count + 1, squares + sizes[k] * sizes[k]);
        }

        return (count, squares);
    }
}
