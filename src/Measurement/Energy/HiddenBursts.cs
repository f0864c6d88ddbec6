namespace MeterLab.Measurement.Energy;

/// <summary>
/// What a load could do within the averaging window of a meter without its values telling: bursts that begin and end there. A mean spans them
/// nearly whole, so the cumulative energy comes back to its straight line again and again, however long one watches; a load that really wanders
/// leaves that line for good. Where their period nearly divides the meter's, the values hardly move from one to the next; the sum still tells.
/// </summary>
internal sealed class HiddenBursts
{
    // The energy that bursts of half the update period move to and fro, of the mean power times that period: what comes from zero and is
    // on for half of the time reaches a quarter. More is a load that moves by itself.
    private const double MostRange = 0.3;

    private const int LeastLevels = 5;

    // A beat passes through all levels; values that sit on two of them saw the load rest there.
    private const double MostOnTheMove = 0.45;

    // The range of the sum of n values in units of their scatter: a swing of p values has 0.45 p of them, a walk with a memory of m values about
    // the root of m n.
    private const double Bounded = 20;

    /// <summary>From levels that stand for <paramref name="seconds"/> each, of which those from first to last are the window's own.</summary>
    public HiddenBursts(ReadOnlySpan<double> levels, int first, int last, double seconds, double seen)
    {
        if (last - first < LeastLevels)
            return;
        var mean = Mean(levels[first..last]);
        var (from, to) = LikeStretch.Of(levels, first, last);
        var line = new Line(levels[from..to]);
        double sum = 0, low = 0, high = 0, firsts = 0, seconds2 = 0, squares = 0, own = 0;
        for (var k = 0; k < line.Count; k++)
        {
            var away = levels[from + k] - line.At(k);
            squares += away * away;
            own += from + k >= first && from + k < last ? away : 0;
            sum += away * seconds;
            (low, high, firsts, seconds2) = (Math.Min(low, sum), Math.Max(high, sum), firsts + sum, seconds2 + sum * sum);
        }

        var count = line.Count + 1.0;
        StandardJ = Math.Sqrt(Math.Max(0, seconds2 / count - firsts / count * (firsts / count)));
        ArePossible = high - low <= MostRange * Math.Abs(mean) * seconds;
        var scatter = Math.Sqrt(squares / line.Count);
        CouldBeat = high - low < Bounded * scatter * seconds && scatter < MostRange / 2 / seen * Math.Abs(mean)
            && HiddenFlanks.ShareBetween(levels[from..to]) >= Math.Min(MostOnTheMove, HiddenFlanks.FlanksPerPeriod * seen);
        if (CouldBeat)
            (AwayW, EdgesJ) = (Math.Abs(own) / (last - first), scatter * seconds);
    }

    /// <summary>Standard deviation of the cumulative energy around its parabola (a ramp's is one), J.</summary>
    public double StandardJ { get; }

    /// <summary>Whether bursts within a value could be all that moves it.</summary>
    public bool ArePossible { get; }

    /// <summary>Whether the values swing to and fro within bounds, as a beat of bursts with a meter that does not see all of the time does.</summary>
    public bool CouldBeat { get; }

    /// <summary>
    /// How far the window's mean lies from the line through its neighbourhood, W, where the values swing to and fro within bounds: a beat of bursts
    /// with a meter that does not see all of the time shows such a swing where the load has none. 0 where they wander off.
    /// </summary>
    public double AwayW { get; }

    /// <summary>What such a beat may put on either side of a window's two edges, standard, J.</summary>
    public double EdgesJ { get; }

    private static double Mean(ReadOnlySpan<double> levels)
    {
        double sum = 0;
        foreach (var level in levels)
            sum += level;
        return sum / levels.Length;
    }

    // The straight line of least squares.
    private readonly struct Line
    {
        private readonly double _mean;
        private readonly double _slope;

        public Line(ReadOnlySpan<double> levels)
        {
            Count = levels.Length;
            _mean = Mean(levels);
            double slope = 0, squares = 0;
            for (var k = 0; k < levels.Length; k++)
                (slope, squares) = (slope + Away(k) * levels[k], squares + Away(k) * Away(k));
            _slope = slope / squares;
        }

        public int Count { get; }

        public double At(int k) => _mean + _slope * Away(k);

        private double Away(int k) => k - (Count - 1) / 2.0;
    }
}
