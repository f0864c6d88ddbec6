namespace MeterLab.Measurement.Statistics;

/// <summary>How many runs a wanted interval takes.</summary>
public static class RunsNeeded
{
    /// <summary>More than anybody will run.</summary>
    public const int Most = 1_000_000;

    /// <summary>
    /// The smallest number of runs, at least two, whose mean has a 95 % interval of at most ± <paramref name="halfWidth"/>, for a standard deviation of one
    /// run and a part <paramref name="systematic"/> (expanded, 95 %) that no number of runs shrinks. Null where even <see cref="Most"/> do not do.
    /// </summary>
    public static int? For(double standardDeviation, double halfWidth, double systematic = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(standardDeviation);
        ArgumentOutOfRangeException.ThrowIfNegative(systematic);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(halfWidth);
        if (systematic >= halfWidth)
            return null;
        var left = Math.Sqrt(halfWidth * halfWidth - systematic * systematic);
        bool Enough(int n) => ErrorStatistics.StudentFactor95(n - 1) * standardDeviation / Math.Sqrt(n) <= left;
        if (!Enough(Most))
            return null;
        var (low, high) = (1, Most);
        while (high - low > 1)
        {
            var middle = low + (high - low) / 2;
            if (Enough(middle))
                high = middle;
            else
                low = middle;
        }

        return high;
    }
}
