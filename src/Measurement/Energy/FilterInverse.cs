using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Samples;

namespace MeterLab.Measurement.Energy;

/// <summary>
/// Takes a first-order filter back: between two samples y0 and y1 a time dt apart, the power that explains both is
/// (y1 - y0 e) / (1 - e) with e = exp(-dt / tau). What remains is a series of means without holes.
/// </summary>
internal static class FilterInverse
{
    // Slower sampling than this many time constants leaves nothing of one sample in the next.
    private const double LongestInTimeConstants = 3;

    /// <summary>The same power as means over the spacings; the series itself where it is not filtered, or sampled too slowly.</summary>
    public static PowerSeries Of(PowerSeries series)
    {
        if (!Inverts(series))
            return series;
        var tau = series.AveragingSeconds;
        var count = series.Count - 1;
        var (ends, watts, flags) = (new long[count], new double[count], new SampleFlags[count]);
        for (var k = 0; k < count; k++)
        {
            var keep = Math.Exp(-(series.EndNs[k + 1] - series.EndNs[k]) * 1e-9 / tau);
            ends[k] = series.EndNs[k + 1];
            watts[k] = (series.Watts[k + 1] - keep * series.Watts[k]) / (1 - keep);
            flags[k] = series.Flags[k + 1];
        }

        return PowerSeries.Create(
            ends, watts, flags, series.PeriodSeconds, series.PeriodSeconds, ResponseShape.Average, series.StampUncertaintyNs, series.Resolution);
    }

    /// <summary>Whether <see cref="Of"/> changes the series.</summary>
    public static bool Inverts(PowerSeries series) => series.Shape == ResponseShape.FirstOrder && series.Count > 1
        && series.AveragingSeconds > 0 && series.PeriodSeconds <= LongestInTimeConstants * series.AveragingSeconds;

    /// <summary>
    /// Standard uncertainty, J, of the energy of a window from the weights of the inverse, which favour the end of a spacing: a step of d
    /// at a random place of a spacing is misjudged by 0.09 d p^2 / tau.
    /// </summary>
    public static double StandardJ(PowerSeries filtered, ReadOnlySpan<double> levels)
    {
        if (!Inverts(filtered))
            return 0;
        double squares = 0;
        for (var k = 1; k < levels.Length; k++)
            squares += Math.Pow(levels[k] - levels[k - 1], 2);
        var share = filtered.PeriodSeconds / filtered.AveragingSeconds;
        return 0.09 * Math.Min(1, share) * filtered.PeriodSeconds * Math.Sqrt(squares);
    }
}
