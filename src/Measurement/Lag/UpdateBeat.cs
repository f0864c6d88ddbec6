namespace MeterLab.Measurement.Lag;

/// <summary>
/// A meter's updates as its own beat says, where they are known only to within a poll: updates follow a regular beat, so that the line
/// through all of them is better than any of them, unless every one met the polls at the same phase. Then the line is off by as
/// much as a single one, and nothing in the trace tells.
/// </summary>
/// <param name="ReadS">The moments, s.</param>
/// <param name="SystematicS">Standard uncertainty of all of them together, s.</param>
/// <param name="RandomS">Standard uncertainty of each alone, s.</param>
internal readonly record struct UpdateBeat(double[] ReadS, double SystematicS, double RandomS)
{
    // Residuals that fit polls alone: their rms is that of a rectangle, and none lies far outside it.
    private const double RmsSlack = 1.15;
    private const double WorstSlack = 1.5;
    private const int Fewest = 8;

    /// <param name="readS">Updates, s, increasing, each known with a standard uncertainty of <paramref name="stampS"/> (rectangular), s.</param>
    /// <param name="periodS">The nominal update period, s.</param>
    /// <param name="stampS">0 where an update is stamped as it arrives.</param>
    public static UpdateBeat Of(double[] readS, double periodS, double stampS)
    {
        if (stampS <= 1e-4 * periodS || readS.Length < Fewest)
            return new UpdateBeat(readS, 0, stampS);
        var beat = new double[readS.Length];
        for (var i = 1; i < beat.Length; i++)
            beat[i] = beat[i - 1] + Math.Max(1, Math.Round((readS[i] - readS[i - 1]) / periodS));
        var (offset, slope) = Line(beat, readS);
        double squares = 0, worst = 0;
        for (var i = 0; i < beat.Length; i++)
        {
            var residual = readS[i] - offset - slope * beat[i];
            squares += residual * residual;
            worst = Math.Max(worst, Math.Abs(residual));
        }

        var variance = squares / (beat.Length - 2);
        // More than polls explain: the beat itself is uneven, and so every update meets another phase of the polls.
        if (variance > RmsSlack * RmsSlack * stampS * stampS || worst > WorstSlack * Math.Sqrt(3) * stampS)
            return new UpdateBeat(readS, stampS / Math.Sqrt(readS.Length), stampS);
        var smooth = new double[beat.Length];
        for (var i = 0; i < smooth.Length; i++)
            smooth[i] = offset + slope * beat[i];
        // What the residuals do not show of the polls' rectangle, all updates share; twice: the line has two parameters.
        var hidden = Math.Max(0, stampS * stampS - variance) + 4 * variance / beat.Length;
        return new UpdateBeat(smooth, Math.Sqrt(hidden), 0);
    }

    private static (double Offset, double Slope) Line(double[] x, double[] y)
    {
        double meanX = x.Average(), meanY = y.Average(), xx = 0, xy = 0;
        for (var i = 0; i < x.Length; i++)
        {
            xx += (x[i] - meanX) * (x[i] - meanX);
            xy += (x[i] - meanX) * (y[i] - meanY);
        }

        return (meanY - xy / xx * meanX, xy / xx);
    }
}
