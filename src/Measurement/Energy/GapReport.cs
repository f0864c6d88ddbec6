using MeterLab.Measurement.Samples;

namespace MeterLab.Measurement.Energy;

/// <summary>Where a window is not covered by samples. A gap is a spacing above 1.5 x the usual one (contract, section 5).</summary>
/// <param name="First">Index of the first value that touches the window.</param>
/// <param name="Last">Index after the last.</param>
/// <param name="Coverage">1 - gap time / window.</param>
/// <param name="LongestSeconds">The longest gap that touches the window, s.</param>
/// <param name="StandardJ">What bridging the gaps may have got wrong, standard, J.</param>
internal sealed record GapReport(int First, int Last, double Coverage, double LongestSeconds, double StandardJ)
{
    // So many values on each side of a gap tell how much the load moves there.
    private const int Neighbourhood = 10;

    /// <summary>How many values touch the window.</summary>
    public int Samples => Last - First;

    public static GapReport Of(CumulativeEnergy energy, PowerSeries series, RunWindow window)
    {
        var ends = series.EndNs;
        var first = Math.Min(energy.SegmentOf(window.StartNs), series.Count - 1);
        var last = Math.Min(energy.SegmentOf(window.EndNs) + 1, series.Count);
        double gapSeconds = 0, longest = 0, variance = 0;
        for (var k = Math.Max(1, first); k < Math.Min(last + 1, series.Count); k++)
        {
            var spacing = (ends[k] - ends[k - 1]) * 1e-9;
            if (spacing <= series.GapSeconds)
                continue;
            var from = Math.Max(ends[k - 1], window.StartNs);
            var to = Math.Min(ends[k], window.EndNs);
            if (to <= from)
                continue;
            var inside = (to - from) * 1e-9;
            gapSeconds += inside;
            longest = Math.Max(longest, spacing);
            var doubt = LocalSpread(series.Watts, k);
            variance += Math.Pow(inside * doubt, 2);
        }

        var coverage = Math.Clamp(1 - gapSeconds / window.Seconds, 0, 1);
        return new GapReport(first, last, coverage, longest, Math.Sqrt(variance));
    }

    // The load in a gap could have been anything that it was nearby (rectangular over the range seen there).
    private static double LocalSpread(ReadOnlySpan<double> watts, int k)
    {
        var near = watts[Math.Max(0, k - Neighbourhood)..Math.Min(watts.Length, k + Neighbourhood)];
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (var value in near)
        {
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }

        return (high - low) / Math.Sqrt(12);
    }
}
