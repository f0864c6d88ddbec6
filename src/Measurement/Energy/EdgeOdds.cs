namespace MeterLab.Measurement.Energy;

/// <summary>How likely it is that a load steps just at an edge of a window, from what the levels around it do.</summary>
internal sealed class EdgeOdds(CumulativeEnergy energy, bool isRun)
{
    // How likely a step at the edge itself is beforehand. In a campaign the runner started and ended a load there; a window of a file may
    // be a run or lie anywhere, and a machine that rests for long before or after speaks for a run.
    private const double OfRun = 0.95;
    private const double OfWindow = 0.1;
    private const double OfRest = 0.6;
    private const int LongRest = 10;

    // A side whose two values differ by a quarter of the change around the edge is not quiet any more.
    private const double Unrest = 4;

    // What shows is never more than so much for or against a step at the edge.
    private const double MostOdds = 500;

    /// <summary>Flanks are not vertical and quiet levels not quite quiet: a share of the change.</summary>
    public const double Flank = 0.005;

    /// <summary>Before anything is known of the value at the edge; <paramref name="outer"/> is the first level beyond, <paramref name="away"/> leads away from the window.</summary>
    public double Beforehand(int outer, int away, double change)
    {
        if (isRun)
            return OfRun;
        var rests = 1;
        while (rests < LongRest && Quiet(Level(outer) - Level(outer + rests * away), change) > 0.5)
            rests++;
        var share = (rests - 1.0) / (LongRest - 1);
        return OfWindow + (OfRest - OfWindow) * share * share;
    }

    /// <summary>
    /// How much more likely a step at the edge makes what a value that holds it shows, than one at any place in it does. <paramref name="excess"/>
    /// is what its inner part has more than the inner side foretells, W of the whole value; <paramref name="inner"/> is the first level inside.
    /// </summary>
    public double Shown(int inner, int step, double excess, double change)
    {
        const int Reach = 4;
        double square = Flank * change * Flank * change;
        for (var j = 0; j < Reach; j++)
            square += Math.Pow(Level(inner + j * step) - Level(inner + (j + 1) * step), 2) / (2 * Reach);
        return square <= 0 ? 1 : Math.Clamp(Math.Abs(change) * Math.Exp(-excess * excess / (2 * square)) / Math.Sqrt(2 * Math.PI * square), 1 / MostOdds, MostOdds);
    }

    /// <summary>1 where a difference is nothing against a change, 0 from a quarter of it on.</summary>
    public static double Quiet(double difference, double change) => Math.Clamp(1 - Unrest * Math.Abs(difference) / Math.Abs(change), 0, 1);

    private double Level(int k) => energy.Levels[Math.Clamp(k, 0, energy.Levels.Length - 1)];
}
