namespace MeterLab.Measurement.Energy;

/// <summary>
/// What happens at an edge of a run inside one averaging window. A run starts where its load starts: the value of the window that
/// holds the edge is a mixture of the level before and the level after, and the share of the run is worked out from the
/// neighbouring windows instead of being cut in proportion. What the neighbours do not explain stays as uncertainty.
/// </summary>
internal static class EdgeCorrection
{
    // A straight ramp through the edge, taken for a step at the edge, is off by 0.19 of the neighbours' difference at worst
    // (edge in the middle of the window); as a standard uncertainty of a term that vanishes at the window's borders: 0.4 g f.
    private const double RampShare = 0.4;

    // Where the mixture does not fit a step at the edge, the step was elsewhere or was none: this part of the misfit stays in doubt.
    private const double Misplaced = 0.15;

    /// <summary>
    /// The energy to add to the proportional share on the inner side of an edge, and its standard uncertainty, J.
    /// </summary>
    /// <param name="energy">The series.</param>
    /// <param name="edgeNs">The edge, ns.</param>
    /// <param name="innerIsLater">True at a window's start, false at its end.</param>
    public static (double Joules, double StandardJ) At(CumulativeEnergy energy, long edgeNs, bool innerIsLater)
    {
        return energy.IsContiguous
            ? Contiguous(energy, edgeNs, innerIsLater)
            : Points(energy, edgeNs, innerIsLater);
    }

    private static (double Joules, double StandardJ) Contiguous(CumulativeEnergy energy, long edgeNs, bool innerIsLater)
    {
        var k = energy.SegmentOf(edgeNs);
        var times = energy.TimeNs;
        var watts = energy.Series.Watts;
        var seconds = (times[k + 1] - times[k]) * 1e-9;
        if (seconds <= 0 || seconds > energy.Series.GapSeconds)
            return (0, 0);
        var later = (times[k + 1] - edgeNs) * 1e-9 / seconds;
        var inside = innerIsLater ? later : 1 - later;
        var outside = 1 - inside;
        double Watts(int index, ReadOnlySpan<double> w) => w[Math.Clamp(index, 0, w.Length - 1)];
        var step = innerIsLater ? 1 : -1;
        var inner = Watts(k + step, watts);
        var outer = Watts(k - step, watts);
        var difference = inner - outer;
        // A single step somewhere in this window mixes the neighbours' levels: what lies between them tells where it was, and what
        // lies beyond them is spread over the whole window.
        var mixed = Math.Clamp(watts[k], Math.Min(inner, outer), Math.Max(inner, outer));
        var misplaced = mixed - (outside * outer + inside * inner);
        // A step inside the edge leaves all of the outer share at the outer level; one outside leaves all of the inner share at the inner.
        var stepIsInside = misplaced * difference < 0;
        var ofStep = stepIsInside ? mixed - outside * outer : inside * inner;
        var share = ofStep + inside * (watts[k] - mixed);
        var correction = (share - inside * watts[k]) * seconds;
        var slopes = Math.Max(Math.Abs(inner - Watts(k + 2 * step, watts)), Math.Abs(outer - Watts(k - 2 * step, watts)));
        var ramp = RampShare * Math.Min(Math.Abs(difference), 2 * slopes) * inside * outside * seconds;
        var rest = Misplaced * Math.Abs(misplaced) * seconds;
        return (correction, Math.Sqrt(ramp * ramp + rest * rest));
    }

    private static (double Joules, double StandardJ) Points(CumulativeEnergy energy, long edgeNs, bool innerIsLater)
    {
        var i = energy.SegmentOf(edgeNs);
        var times = energy.TimeNs;
        var watts = energy.Series.Watts;
        var spacing = (times[i + 1] - times[i]) * 1e-9;
        if (spacing <= 0 || spacing > energy.Series.GapSeconds)
            return (0, 0);
        double Watts(int index, ReadOnlySpan<double> w) => w[Math.Clamp(index, 0, w.Length - 1)];
        // Levels on both sides, far enough out that the averaging window no longer mixes them.
        var reach = 1 + (int)Math.Min(1_000_000, energy.Series.AveragingSeconds / 2 / spacing);
        var (laterIndex, earlierIndex) = (i + reach, i + 1 - reach);
        var inner = Watts(innerIsLater ? laterIndex : earlierIndex, watts);
        var outer = Watts(innerIsLater ? earlierIndex : laterIndex, watts);
        var difference = inner - outer;
        // A line joining two points across a step puts some of the inner side's energy outside, and a mean over w moves difference x w / 8.
        var share = innerIsLater ? (times[i + 1] - edgeNs) * 1e-9 : (edgeNs - times[i]) * 1e-9;
        var line = energy.Series.AveragingSeconds >= spacing ? 0 : difference * share * share / (2 * spacing);
        var smear = energy.Series.AveragingSeconds >= spacing ? difference * energy.Series.AveragingSeconds / 8 : 0;
        var slopes = Math.Max(
            Math.Abs(inner - Watts(innerIsLater ? laterIndex + reach : earlierIndex - reach, watts)),
            Math.Abs(outer - Watts(innerIsLater ? earlierIndex - reach : laterIndex + reach, watts)));
        var doubt = Math.Abs(difference) < double.Epsilon ? 1 : Math.Min(1, 2 * slopes / Math.Abs(difference));
        var correction = (line + smear) * (1 - doubt / 2);
        return (correction, Math.Abs(line + smear) * (doubt / 2 + 0.1));
    }
}
