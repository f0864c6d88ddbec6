namespace MeterLab.Measurement.Energy;

/// <summary>What is not seen between points: a varying load read as snapshots.</summary>
internal static class SamplingTerm
{
    /// <summary>
    /// Standard uncertainty, J, of the energy between two points of a series of snapshots. What a point differs from the mean of its
    /// neighbours has variance 1.5 s^2 for a load without memory and goes to zero for a smooth one, so the same figure serves both.
    /// </summary>
    public static double StandardJ(CumulativeEnergy energy, int first, int last)
    {
        var series = energy.Series;
        var unseen = 1 - Math.Min(1, series.AveragingSeconds / series.PeriodSeconds);
        if (energy.IsContiguous || unseen <= 0 || last - first < 2)
            return 0;
        var watts = series.Watts;
        double squares = 0;
        for (var k = first + 1; k < last; k++)
        {
            var difference = watts[k] - (watts[k - 1] + watts[k + 1]) / 2;
            squares += difference * difference;
        }

        var variance = squares / (last - first - 1) / 1.5;
        return series.PeriodSeconds * Math.Sqrt((last - first) * variance * unseen);
    }
}
