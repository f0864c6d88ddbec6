namespace MeterLab.Measurement.Statistics;

/// <summary>How much single readings scatter by noise that comes anew with every reading: the only one that surely spreads a rounding error.</summary>
public static class ReadingScatter
{
    // A load that comes and goes makes few, large steps between readings; noise makes all of them.
    private const double LargestLeftOut = 0.1;

    /// <summary>
    /// Standard deviation in the unit of the readings, rather too small than too large: from the squares of successive differences (von Neumann 1941)
    /// without the largest tenth, and no more than the readings' own standard deviation. 0 for fewer than ten readings.
    /// </summary>
    public static double Of(ReadOnlySpan<double> readings)
    {
        if (readings.Length < 10)
            return 0;
        var squares = new double[readings.Length - 1];
        var (mean, spread) = (0.0, 0.0);
        foreach (var reading in readings)
            mean += reading / readings.Length;
        for (var i = 0; i < readings.Length; i++)
        {
            spread += (readings[i] - mean) * (readings[i] - mean) / (readings.Length - 1);
            if (i > 0)
                squares[i - 1] = (readings[i] - readings[i - 1]) * (readings[i] - readings[i - 1]);
        }

        Array.Sort(squares);
        var kept = (int)((1 - LargestLeftOut) * squares.Length);
        var sum = 0.0;
        for (var i = 0; i < kept; i++)
            sum += squares[i];
        return Math.Sqrt(Math.Min(spread, sum / kept / 2));
    }
}
