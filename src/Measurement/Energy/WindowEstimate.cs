namespace MeterLab.Measurement.Energy;

/// <summary>The energy of a window of a cumulative energy, edges worked out, and what is uncertain about the window's place.</summary>
internal sealed class WindowEstimate
{
    private readonly CumulativeEnergy _energy;
    private readonly RunWindow _window;
    private readonly EdgeCorrection _edges;

    public WindowEstimate(CumulativeEnergy energy, RunWindow window)
    {
        (_energy, _window) = (energy, window);
        var (first, last) = energy.LevelsWithin(window.StartNs, window.EndNs);
        Levels = (first, last);
        var own = energy.Levels[first..last];
        // Too few values of its own: its neighbourhood tells how the load moves.
        const int Enough = 6;
        Roughness = new LoadRoughness(
            own.Length >= Enough ? own : energy.Levels[Math.Max(0, first - Enough)..Math.Min(energy.Levels.Length, last + Enough)], energy.Seen);
        Bursts = new HiddenBursts(energy.Levels, first, last, energy.PeriodSeconds, energy.Seen);
        _edges = new EdgeCorrection(energy, Roughness, Bursts, window.IsRun);
        Joules = At(window.StartNs, window.EndNs, out var edgeShare);
        EdgeShareJ = edgeShare;
    }

    /// <summary>The levels that lie wholly in the window.</summary>
    public (int First, int Last) Levels { get; }

    /// <summary>How the load moves in it.</summary>
    public LoadRoughness Roughness { get; }

    /// <summary>What bursts could hide.</summary>
    public HiddenBursts Bursts { get; }

    /// <summary>J.</summary>
    public double Joules { get; }

    /// <summary>Standard uncertainty of the edges' shares in their values, J.</summary>
    public double EdgeShareJ { get; }

    /// <summary>What a shift of the edges does to this very estimate, J: both together (clock, lag), then each alone; standard.</summary>
    public double ShiftJ(double aloneNs)
    {
        var common = _window.CommonUncertaintyNs;
        // What moves within the values is not in the estimate: a load without memory adds this at each edge.
        var total = Math.Sqrt(common * common + aloneNs * aloneNs) * 1e-9;
        var within = _edges.WithinJ(_window.StartNs, total) + _edges.WithinJ(_window.EndNs, total);
        return Math.Sqrt(Pair(common, common) + Pair(aloneNs, 0) + Pair(0, aloneNs) + within);
    }

    private double Pair(double start, double end)
    {
        if (start == 0 && end == 0)
            return 0;
        var (plus, minus) = (Shifted(start, end), Shifted(-start, -end));
        return (plus * plus + minus * minus) / 2;
    }

    private double Shifted(double start, double end)
    {
        var from = Math.Clamp(_window.StartNs + (long)start, _energy.FirstNs, _energy.LastNs);
        var to = Math.Clamp(_window.EndNs + (long)end, _energy.FirstNs, _energy.LastNs);
        return to > from ? At(from, to, out _) - Joules : -Joules;
    }

    private double At(long startNs, long endNs, out double edgeShareJ)
    {
        var start = _edges.At(startNs, innerIsLater: true);
        var end = _edges.At(endNs, innerIsLater: false);
        edgeShareJ = Math.Sqrt(start.StandardJ * start.StandardJ + end.StandardJ * end.StandardJ);
        // Both edges inside one averaging window: there is no inner neighbour to learn from.
        if (_energy.SegmentOf(startNs) == _energy.SegmentOf(endNs))
            (start, end) = (default, default);
        return _energy.At(endNs) - _energy.At(startNs) + start.Joules + end.Joules;
    }
}
