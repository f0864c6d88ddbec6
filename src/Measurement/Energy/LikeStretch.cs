namespace MeterLab.Measurement.Energy;

/// <summary>How far around a window the load goes on as it does within it.</summary>
internal static class LikeStretch
{
    // Within the window's own bounds and a little beyond, or near its mean; a load that has left them for several values is another one.
    private const double Margin = 0.1;
    private const double NearMean = 0.3;
    private const int Gone = 3;

    // So far at most; fewer than so many do not count as going on: a machine's rest beside the window mixes into one value.
    private const int Reach = 60;
    private const int Least = 3;

    /// <summary>The bounds of the stretch, the later one excluded; <paramref name="first"/> and <paramref name="last"/> bound the window's own levels, one or more.</summary>
    public static (int From, int To) Of(ReadOnlySpan<double> levels, int first, int last)
    {
        var (low, high, mean) = (double.PositiveInfinity, double.NegativeInfinity, 0.0);
        foreach (var level in levels[first..last])
            (low, high, mean) = (Math.Min(low, level), Math.Max(high, level), mean + level / (last - first));
        var margin = Margin * (high - low);
        low = Math.Min(low - margin, mean - NearMean * Math.Abs(mean));
        high = Math.Max(high + margin, mean + NearMean * Math.Abs(mean));
        return (first - Extent(levels, first - 1, -1, low, high), last + Extent(levels, last, 1, low, high));
    }

    private static int Extent(ReadOnlySpan<double> levels, int k, int step, double low, double high)
    {
        var (count, away) = (0, 0);
        for (var n = 0; n < Reach && k >= 0 && k < levels.Length; n++, k += step)
        {
            if (levels[k] >= low && levels[k] <= high)
                (count, away) = (n + 1, 0);
            else if (++away == Gone)
                break;
        }

        return count < Least ? 0 : count;
    }
}
