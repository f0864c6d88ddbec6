namespace MeterLab.Measurement.Energy;

/// <summary>
/// What happens at an edge of a window between two values. The value that holds the edge is a mixture of what came before and after; how
/// much of it belongs to the window is judged under each explanation that the neighbours allow: a load that steps at the edge itself (a
/// run starts or ends there), one that steps elsewhere between two quiet levels, one that moves on as it does around. The answer is their
/// mean, weighted by how well they fit, and their disagreement is its uncertainty.
/// </summary>
internal sealed class EdgeCorrection(CumulativeEnergy energy, LoadRoughness roughness, HiddenBursts bursts, bool isRun)
{
    private readonly EdgeOdds _odds = new(energy, isRun);

    /// <summary>The energy to add on the inner side of an edge, and its standard uncertainty, J.</summary>
    /// <param name="edgeNs">The edge, ns.</param>
    /// <param name="innerIsLater">True at a window's start, false at its end.</param>
    public (double Joules, double StandardJ) At(long edgeNs, bool innerIsLater) =>
        energy.IsContiguous ? Contiguous(edgeNs, innerIsLater)
        : Seconds(energy.SegmentOf(edgeNs)) > energy.GapSeconds ? (0, 0)
        : new SnapshotEdge(energy, _odds, edgeNs, innerIsLater).Correction();

    /// <summary>Variance, J^2, of the energy that a shift of an edge moves within one value, where the load has no memory there.</summary>
    public double WithinJ(long edgeNs, double shiftSeconds)
    {
        var k = energy.SegmentOf(edgeNs);
        var seconds = Seconds(k);
        return energy.IsContiguous && seconds <= energy.GapSeconds
            ? Math.Min(roughness.ShiftFactor * LocalSquare(k) * seconds * Math.Min(seconds, shiftSeconds), Math.Pow(Level(k) * shiftSeconds, 2))
            : 0;
    }

    private (double Joules, double StandardJ) Contiguous(long edgeNs, bool innerIsLater)
    {
        var k = energy.SegmentOf(edgeNs);
        var seconds = Seconds(k);
        if (seconds <= 0 || seconds > energy.GapSeconds)
            return (0, 0);
        var elapsed = (edgeNs - energy.TimeNs[k]) * 1e-9 / seconds;
        var outside = innerIsLater ? elapsed : 1 - elapsed;
        var step = innerIsLater ? 1 : -1;
        var (own, outer, inner) = (Level(k), Level(k - step), Level(k + step));
        var change = Math.Max(Math.Max(Math.Abs(outer - own), Math.Abs(inner - own)), Math.Abs(inner - outer));
        if (change <= 0 || outside is <= 0 or >= 1)
            return (0, 0);
        var (quietOuter, outerPart) = Side(k - step, -step, change, outside);
        var (quietInner, innerPart) = Side(k + step, step, change, 1 - outside);
        var between = (own - outerPart) * (innerPart - own) >= 0;

        var atEdge = _odds.Beforehand(k - step, -step, change);
        // Shares of the outer side, W: what is not in the window.
        var mixture = new Mixture();
        var stepWeight = between ? quietOuter * quietInner : 0;
        var likelihood = _odds.Shown(k + step, step, own - outerPart * outside - innerPart * (1 - outside), innerPart - outerPart);
        mixture.Add(stepWeight * (1 - atEdge), StepBetween(own, outerPart, innerPart, outside), EdgeOdds.Flank * Math.Abs(innerPart - outerPart));
        mixture.Add(atEdge * quietOuter * (1 - stepWeight * (1 - likelihood)), outerPart * outside, EdgeOdds.Flank * Math.Abs(own - outerPart));
        var rough = Rough(k, outside, seconds);
        mixture.Add((1 - atEdge * quietOuter) * (1 - stepWeight) + 1e-9, Smooth(k, step, outside), rough);
        return ((outside * own - mixture.Mean) * seconds, mixture.Standard * seconds);
    }

    // What a load that moves on as it does around may put on either side of the edge. Where a value takes back what the one before gave, the
    // sum of both is bounded, and so is the share; where bursts are possible, they move it by no less than they move the sum.
    private double Rough(int k, double outside, double seconds)
    {
        var walk = Math.Sqrt(roughness.EdgeFactor * LocalSquare(k) * outside * (1 - outside));
        var bounded = bursts.StandardJ / seconds * Math.Sqrt(1 + outside * outside + (1 - outside) * (1 - outside));
        return bursts.ArePossible ? Math.Max(walk, bounded) : roughness.Ratio < 1 ? Math.Min(walk, bounded) : walk;
    }

    // How quiet a side is, level or on a straight line, and the mean that it foretells for its part (a share) of the value at the edge.
    private (double Quiet, double Part) Side(int k, int away, double change, double share)
    {
        var (near, next, far) = (Level(k), Level(k + away), Level(k + 2 * away));
        var level = EdgeOdds.Quiet(near - next, change);
        var line = EdgeOdds.Quiet(near - 2 * next + far, change);
        return line > level ? (line, near + (near - next) * (0.5 + share / 2)) : (level, near);
    }

    // A single step between two levels mixes them in the value that holds it: the mixture tells where it was.
    private static double StepBetween(double own, double outer, double inner, double outside)
    {
        var place = Math.Abs(inner - outer) > 0 ? Math.Clamp((inner - own) / (inner - outer), 0, 1) : outside;
        return outer * Math.Min(outside, place) + inner * Math.Max(0, outside - place);
    }

    // The cubic through the energies at the borders whose slopes there are the neighbours' means.
    private double Smooth(int k, int step, double z)
    {
        var (own, outer, inner) = (Level(k), Level(k - step), Level(k + step));
        var (lengthOwn, lengthOuter, lengthInner) = (Seconds(k), Seconds(k - step), Seconds(k + step));
        var atOuter = (outer * lengthOwn + own * lengthOuter) / (lengthOuter + lengthOwn);
        var atInner = (inner * lengthOwn + own * lengthInner) / (lengthInner + lengthOwn);
        return own * z * z * (3 - 2 * z) + atOuter * z * (1 - z) * (1 - z) - atInner * z * z * (1 - z);
    }

    // Half from the value that holds the edge, the rest from its neighbours and its neighbourhood: an event at the edge counts most.
    private double LocalSquare(int k)
    {
        const int Reach = 5;
        double sum = 0;
        for (var j = k - Reach; j <= k + Reach; j++)
            sum += Square(j);
        return Square(k) / 2 + (Square(k - 1) + Square(k + 1)) / 8 + sum / (2 * Reach + 1) / 4;
    }

    private double Square(int k) => Math.Pow(Level(k - 1) - 2 * Level(k) + Level(k + 1), 2);

    private double Level(int k) => energy.Levels[Math.Clamp(k, 0, energy.Levels.Length - 1)];

    private double Seconds(int k)
    {
        k = Math.Clamp(k, 0, energy.TimeNs.Length - 2);
        return (energy.TimeNs[k + 1] - energy.TimeNs[k]) * 1e-9;
    }
}
