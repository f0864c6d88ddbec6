namespace MeterLab.Measurement.Energy;

/// <summary>
/// What happens at an edge of a window where a meter does not see all of the time: between the last value that ends before the edge and the
/// first that starts after it lies a hole, or a hole with one value in it that mixes both sides. Judged under each explanation: a step at the edge
/// itself, one at another place between two quiet levels, the straight line between the values.
/// </summary>
internal sealed class SnapshotEdge
{
    private readonly CumulativeEnergy _energy;
    private readonly EdgeOdds _odds;
    private readonly int _step;
    private readonly int _outerAt;
    private readonly int _innerAt;
    private readonly bool _holdsValue;
    private readonly long _edgeNs;

    /// <summary>Looks around an edge.</summary>
    public SnapshotEdge(CumulativeEnergy energy, EdgeOdds odds, long edgeNs, bool innerIsLater)
    {
        (_energy, _odds, _edgeNs) = (energy, odds, edgeNs);
        var halfNs = energy.AveragingSeconds / 2 * 1e9;
        var i = energy.SegmentOf(edgeNs);
        var (earlier, later) = (i, i + 1);
        while (earlier > 0 && energy.TimeNs[earlier] + halfNs > edgeNs)
            earlier--;
        while (later < energy.Levels.Length - 1 && energy.TimeNs[later] - halfNs < edgeNs)
            later++;
        (_innerAt, _outerAt, _step) = innerIsLater ? (later, earlier, 1) : (earlier, later, -1);
        _holdsValue = later - earlier == 2;
    }

    /// <summary>The energy to add on the inner side, and its standard uncertainty, J.</summary>
    public (double Joules, double StandardJ) Correction()
    {
        var (outer, inner) = (_energy.Levels[_outerAt], _energy.Levels[_innerAt]);
        var change = inner - outer;
        if (Math.Abs(change) <= 0)
            return (0, 0);
        // Places are seconds from the end of the outer value; the inner one begins at the hole's end.
        var half = _energy.AveragingSeconds / 2;
        var hole = Seconds(_innerAt, _outerAt) - 2 * half;
        var edge = Math.Clamp(Math.Abs(_edgeNs - _energy.TimeNs[_outerAt]) * 1e-9 - half, 0, hole);
        var line = Math.Abs(_energy.At(_energy.TimeNs[_innerAt]) - _energy.At(_edgeNs)) - inner * half;

        var quiet = EdgeOdds.Quiet(outer - Level(_outerAt - _step), change) * Math.Max(0.5, EdgeOdds.Quiet(inner - Level(_innerAt + _step), change));
        var atEdge = _odds.Beforehand(_outerAt, -_step, change);
        var mixture = new Mixture();
        mixture.Add(1 - quiet + 1e-9, line, 0);
        if (_holdsValue)
            WithValue(ref mixture, quiet, atEdge, edge, hole);
        else
        {
            mixture.Add(quiet * atEdge, inner * (hole - edge), EdgeOdds.Flank * Math.Abs(change));
            // A step anywhere in the hole: what it takes from the inner side is the change times max(0, place - edge).
            var beyond = hole > 0 ? (hole - edge) / hole : 0;
            var mean = change * hole * beyond * beyond / 2;
            var square = change * hole * change * hole * beyond * beyond * beyond / 3;
            mixture.Add(quiet * (1 - atEdge), inner * (hole - edge) - mean, Math.Sqrt(Math.Max(0, square - mean * mean)));
        }

        return (mixture.Mean - line, mixture.Standard);
    }

    // The value in the hole tells how much of it is of either side.
    private void WithValue(ref Mixture mixture, double quiet, double atEdge, double edge, double hole)
    {
        var (outer, inner, own) = (_energy.Levels[_outerAt], _energy.Levels[_innerAt], _energy.Levels[(_outerAt + _innerAt) / 2]);
        var change = inner - outer;
        var averaging = _energy.AveragingSeconds;
        var from = Seconds((_outerAt + _innerAt) / 2, _outerAt) - averaging;
        var to = from + averaging;
        var flank = EdgeOdds.Flank * Math.Abs(change) * averaging;
        var innerPart = own * averaging - outer * (edge - from);
        var shown = _odds.Shown(_innerAt, _step, (innerPart - inner * (to - edge)) / averaging, change);
        mixture.Add(quiet * atEdge * shown, innerPart + inner * (hole - to), flank);

        var share = Math.Clamp((own - outer) / change, 0, 1);
        var place = to - share * averaging;
        var between = (own - outer) * (inner - own) >= 0 ? 1 : 1 / 100.0;
        if (share < 2 * EdgeOdds.Flank)
        {
            // All of it is of the outer side: the step came after it, anywhere up to the inner value.
            var lost = change * ((to + hole) / 2 - edge);
            mixture.Add(quiet * (1 - atEdge) * between, inner * (hole - edge) - lost, Math.Abs(change) * (hole - to) / Math.Sqrt(12));
            return;
        }

        mixture.Add(quiet * (1 - atEdge) * between, inner * (hole - edge) - change * Math.Max(0, place - edge), flank);
    }

    private double Level(int k) => _energy.Levels[Math.Clamp(k, 0, _energy.Levels.Length - 1)];

    private double Seconds(int a, int b) => Math.Abs(_energy.TimeNs[a] - _energy.TimeNs[b]) * 1e-9;
}
