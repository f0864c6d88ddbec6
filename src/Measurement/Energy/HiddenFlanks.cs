namespace MeterLab.Measurement.Energy;

/// <summary>
/// Whether a meter that looks for a moment only catches a load that switches between two levels far too often in the middle of a change. A
/// short look falls on a change as often as changes come: their rate follows from the share of values between the levels, also where the
/// values themselves, by a beat with the meter's period, seem to switch slowly.
/// </summary>
internal static class HiddenFlanks
{
    // Two flanks in a period: the load goes and comes back between one value and the next.
    public const double FlanksPerPeriod = 2;

    // So many values lie between the levels of any load that takes its time to switch; above the larger share there are no two levels.
    private const double LeastBetween = 0.1;
    private const double MostBetween = 0.45;

    // The levels: quantiles, and how near to them a value belongs to one.
    private const double LevelShare = 0.08;
    private const double Near = 0.1;

    // A change that so many values in a row follow is seen, not hidden; and as many at a third level rest there.
    private const int Followed = 4;

    private const int LeastLevels = 8;

    /// <summary>
    /// The share of values that were caught between two levels more than <paramref name="limit"/> W apart, where it tells of hidden changes;
    /// else 0. <paramref name="seen"/> is the share of the time that a value covers; first and last bound the window's own levels.
    /// </summary>
    public static double Share(ReadOnlySpan<double> levels, int first, int last, double seen, double limit)
    {
        if (last <= first)
            return 0;
        var (from, to) = LikeStretch.Of(levels, first, last);
        var stretch = levels[from..to];
        if (stretch.Length < LeastLevels)
            return 0;
        var sorted = stretch.ToArray();
        Array.Sort(sorted);
        var (low, high) = (sorted[(int)(LevelShare * (sorted.Length - 1))], sorted[(int)Math.Ceiling((1 - LevelShare) * (sorted.Length - 1))]);
        if (high - low < 2 * limit)
            return 0;
        var (all, alone) = Between(stretch, low + Near * (high - low), high - Near * (high - low));
        var share = alone / (double)stretch.Length;
        return share >= Math.Max(LeastBetween, FlanksPerPeriod * seen) && all <= MostBetween * stretch.Length ? share : 0;
    }

    /// <summary>The share of values that are far from both the lowest and the highest.</summary>
    public static double ShareBetween(ReadOnlySpan<double> levels)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var level in levels)
            (low, high) = (Math.Min(low, level), Math.Max(high, level));
        return Between(levels, low + Near * (high - low), high - Near * (high - low)).All / (double)levels.Length;
    }

    // Values between the levels, and those of them that stand alone or nearly.
    private static (int All, int Alone) Between(ReadOnlySpan<double> levels, double low, double high)
    {
        var (all, alone) = (0, 0);
        for (var k = 0; k < levels.Length;)
        {
            var run = 0;
            while (k + run < levels.Length && levels[k + run] > low && levels[k + run] < high)
                run++;
            all += run;
            alone += run < Followed ? run : 0;
            k += Math.Max(1, run);
        }

        return (all, alone);
    }
}
