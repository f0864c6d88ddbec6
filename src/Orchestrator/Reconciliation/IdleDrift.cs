using MeterLab.Measurement.Statistics;

namespace MeterLab.Orchestrator.Reconciliation;

/// <summary>A stretch of rest.</summary>
/// <param name="AtNs">Its middle on the line, ns.</param>
/// <param name="Watts">Mean power, W.</param>
/// <param name="RandomWatts">Standard uncertainty of it that is drawn anew each time, W.</param>
internal readonly record struct RestPoint(long AtNs, double Watts, double RandomWatts);

/// <summary>
/// A machine's idle power over a campaign, from stretches of rest before, between and after the runs: constant, a straight line, or from
/// stretch to stretch, whichever the stretches ask for. The scatter that is left stays in the uncertainty. Pure.
/// </summary>
internal sealed class IdleDrift
{
    private const int FewestForLine = 4;
    private const int FewestForPieces = 6;

    // Keeps a stretch without an uncertainty of its own from having all the weight, W².
    private const double LeastVariance = 1e-9;

    private readonly IReadOnlyList<RestPoint> _points;
    private readonly double[] _weights;
    private double _level;
    private double _slope;
    private double _centre;
    private double _levelVariance;
    private double _slopeVariance;
    private double _scatter;

    private IdleDrift(IReadOnlyList<RestPoint> points)
    {
        _points = points;
        var between = points.Count < 2 ? 0 : BetweenNights.Of([.. points.Select(p => new BaselineNight(p.Watts, p.RandomWatts))]).BetweenVariance;
        _weights = [.. points.Select(p => 1 / (p.RandomWatts * p.RandomWatts + between + LeastVariance))];
        var total = _weights.Sum();
        _centre = points.Zip(_weights, (p, w) => Seconds(p.AtNs) * w).Sum() / total;
        _level = points.Zip(_weights, (p, w) => p.Watts * w).Sum() / total;
        // So that twice the standard uncertainty covers 95 %: a scatter from few stretches is itself poorly known.
        var few = between > 0 ? Widening(points.Count - 1) : 1;
        (_levelVariance, _scatter) = (few / total, few * between);
        if (points.Count >= FewestForLine)
            TryLine();
        if (points.Count >= FewestForPieces && Wanders())
            Law = "piecewise";
    }

    /// <summary>constant, linear or piecewise.</summary>
    public string Law { get; private set; } = "constant";

    /// <summary>How much it changed from the first stretch to the last, W; 0 where it is constant.</summary>
    public double ChangeW => Law == "constant" ? 0 : At(_points[^1].AtNs).Watts - At(_points[0].AtNs).Watts;

    /// <summary>From at least one stretch, in order of time.</summary>
    public static IdleDrift Of(IReadOnlyList<RestPoint> points)
    {
        ArgumentOutOfRangeException.ThrowIfZero(points.Count);
        return new IdleDrift([.. points.OrderBy(point => point.AtNs)]);
    }

    /// <summary>The idle power at a moment with its standard uncertainty: the law's own, and what single moments differ from it.</summary>
    public (double Watts, double StandardWatts) At(long ns)
    {
        if (Law == "piecewise")
            return Between(ns);
        var apart = Seconds(ns) - _centre;
        return (_level + _slope * apart, Math.Sqrt(_levelVariance + apart * apart * _slopeVariance + _scatter));
    }

    private double Seconds(long ns) => (ns - _points[0].AtNs) * 1e-9;

    private void TryLine()
    {
        // Weighted by what each stretch knows of itself: scatter between them is what the slope must explain.
        var own = _points.Select(p => 1 / (p.RandomWatts * p.RandomWatts + LeastVariance)).ToArray();
        var total = own.Sum();
        var centre = _points.Zip(own, (p, w) => Seconds(p.AtNs) * w).Sum() / total;
        var mean = _points.Zip(own, (p, w) => p.Watts * w).Sum() / total;
        var squares = _points.Zip(own, (p, w) => w * Math.Pow(Seconds(p.AtNs) - centre, 2)).Sum();
        if (squares <= 0)
            return;
        var slope = _points.Zip(own, (p, w) => w * (Seconds(p.AtNs) - centre) * (p.Watts - mean)).Sum() / squares;
        var freedom = _points.Count - 2;
        var rest = _points.Zip(own, (p, w) => w * Math.Pow(p.Watts - mean - slope * (Seconds(p.AtNs) - centre), 2)).Sum() / freedom;
        // Never narrower than what the stretches say of themselves.
        var scale = Math.Max(1, rest);
        if (Math.Abs(slope) <= ErrorStatistics.StudentFactor95(freedom) * Math.Sqrt(scale / squares))
            return;
        (Law, _level, _slope, _centre) = ("linear", mean, slope, centre);
        var few = rest > 1 ? Widening(freedom) : 1;
        (_levelVariance, _slopeVariance) = (few * scale / total, few * scale / squares);
        _scatter = few * Math.Max(0, rest - 1) * _points.Count / total;
    }

    private static double Widening(int freedom) => Math.Max(1, Math.Pow(ErrorStatistics.StudentFactor95(freedom) / 2, 2));

    // The ratio test on what the law leaves: successive residuals that stay on one side wander (von Neumann 1941).
    private bool Wanders()
    {
        var rest = _points.Select(p => p.Watts - _level - _slope * (Seconds(p.AtNs) - _centre)).ToArray();
        var n = rest.Length;
        var variance = rest.Sum(r => r * r) / (n - 1);
        var differences = 0.0;
        for (var i = 1; i < n; i++)
            differences += Math.Pow(rest[i] - rest[i - 1], 2) / (2.0 * (n - 1));
        var own = _points.Average(p => p.RandomWatts * p.RandomWatts);
        var limit = 1 - 2.33 * Math.Sqrt((n - 2.0) / (n * (double)n - 1));
        return variance > 2 * own && differences < Math.Max(0.1, limit) * variance;
    }

    private (double Watts, double StandardWatts) Between(long ns)
    {
        var after = 0;
        while (after < _points.Count && _points[after].AtNs < ns)
            after++;
        var (a, b) = (_points[Math.Max(0, after - 1)], _points[Math.Min(_points.Count - 1, after)]);
        var share = b.AtNs == a.AtNs ? 0 : Math.Clamp((double)(ns - a.AtNs) / (b.AtNs - a.AtNs), 0, 1);
        // What it may do between two stretches is what it does from one to the next.
        var step = 0.0;
        for (var i = 1; i < _points.Count; i++)
            step += Math.Pow(_points[i].Watts - _points[i - 1].Watts, 2) / (_points.Count - 1);
        var variance = Math.Pow((1 - share) * a.RandomWatts, 2) + Math.Pow(share * b.RandomWatts, 2) + step * share * (1 - share);
        if (ns < _points[0].AtNs || ns > _points[^1].AtNs)
            variance += step;
        return (a.Watts + share * (b.Watts - a.Watts), Math.Sqrt(variance));
    }
}
