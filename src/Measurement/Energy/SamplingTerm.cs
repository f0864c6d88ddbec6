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

    // An excursion of one value stands out if it is so many times the usual second difference, and its neighbours agree so much better.
    private const double StandsOut = 8;
    private const double NeighboursAgree = 3;

    /// <summary>
    /// From the levels of a window and of its neighbourhood. <paramref name="otherJ"/> is what else is uncertain (standard), and
    /// <paramref name="limit"/> the meter's limit of error for a reading, W: a scatter within it says nothing about the load.
    /// </summary>
    public static SamplingTerm Of(CumulativeEnergy energy, LoadRoughness roughness, RunWindow window, ReadOnlySpan<double> around, double otherJ, double limit)
    {
        if (energy.Seen >= 1)
            return new SamplingTerm(0, double.PositiveInfinity, null);
        var spacings = window.Seconds / energy.PeriodSeconds;
        var standard = energy.PeriodSeconds * Math.Sqrt(spacings * roughness.SpacingFactor * roughness.OwnSquare);
        if (energy.Seen >= MostlySeen)
            return new SamplingTerm(standard, roughness.Events, null);
        var scatter = Math.Sqrt(roughness.OwnSquare / 6);
        if (roughness.Ratio < WithoutMemory && scatter > limit && standard > otherJ)
        {
            return new SamplingTerm(standard, roughness.Events, FormattableString.Invariant(
                $"The load moves by {scatter:G3} W from one value to the next and back; values {energy.PeriodSeconds:G3} s apart, each of {energy.AveragingSeconds:G3} s, do not show what it does between them."));
        }

        var (count, squares) = Excursions(around, limit);
        var unseen = energy.PeriodSeconds * Math.Sqrt(squares * (1 - energy.Seen) * Math.Min(1, spacings / Math.Max(1, around.Length)));
        return count > 0 && unseen > otherJ / 2
            ? new SamplingTerm(standard, roughness.Events, FormattableString.Invariant(
                $"The load has peaks shorter than the {energy.PeriodSeconds:G3} s between values: {count} of {around.Length} values stand alone, and {100 * (1 - energy.Seen):0} % of the time is not seen."))
            : new SamplingTerm(standard, roughness.Events, null);
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
