namespace MeterLab.Measurement.Energy;

/// <summary>
/// What a load could do within the averaging window of a meter without its values telling: bursts that begin and end there. A mean spans them
/// nearly whole, so the cumulative energy comes back to its straight line again and again, however long one watches; a load that really wanders
/// leaves that line for good. Where their period nearly divides the meter's, the values hardly move from one to the next; the sum still tells.
/// </summary>
internal sealed class HiddenBursts
{
    // The energy that bursts move to and fro, of the mean power times the update period: what comes from zero once a period and is on for
    // 65 % of it reaches 0.35. More is a load that moves by itself.
    private const double MostRange = 0.35;

    private const int LeastLevels = 5;

    // Without anything beside the window, a slow beat may put all of its swing on one side; the longer a value averages, the less of it shows.
    private const double AloneFactor = 4;

    // A beat passes through all levels; values that sit on two of them saw the load rest there.
    private const double MostOnTheMove = 0.45;

    // The range of the sum of n values in units of their scatter: a swing of p values has 0.45 p of them, a walk with a memory of m values about
    // the root of m n.
    private const double Bounded = 16;

    // Below this range they swing quickly, as hardly any load does by itself.
    private const double Quick = 9;

    // Beyond these shares of the mean power a swing is more than an interval can cover if it is a beat: in general, where it is quick, and
    // where nothing beside the window tells more.
    private const double LargeSwing = 0.1;
    private const double QuickSwing = 0.02;
    private const double AloneSwing = 0.06;

    // A value that covers so much of the time shows little of a beat, and one that covers less than so much shows the load's levels (HiddenFlanks).
    private const double LongLook = 0.4;
    private const double ShortLook = 0.1;

    /// <summary>From levels that stand for <paramref name="seconds"/> each, of which those from first to last are the window's own.</summary>
    public HiddenBursts(ReadOnlySpan<double> levels, int first, int last, double seconds, double seen)
    {
        if (last - first < LeastLevels)
            return;
        var mean = Mean(levels[first..last]);
        var (from, to) = LikeStretch.Of(levels, first, last);
        var line = new Line(levels[from..to]);
        double squares = 0, own = 0;
        for (var k = 0; k < line.Count; k++)
        {
            var away = levels[from + k] - line.At(k);
            squares += away * away;
            own += from + k >= first && from + k < last ? away : 0;
        }

        (StandardJ, var range) = AroundParabola(levels[from..to], mean, seconds);
        ArePossible = range <= MostRange * Math.Abs(mean) * seconds;
        var scatter = Math.Sqrt(squares / line.Count);
        CouldBeat = range < Bounded * scatter * seconds && scatter < MostRange / 2 / seen * Math.Abs(mean)
            && HiddenFlanks.ShareBetween(levels[from..to]) >= Math.Min(MostOnTheMove, HiddenFlanks.FlanksPerPeriod * seen);
        if (!CouldBeat)
            return;
        var alone = to - from == last - first;
        AwayW = Math.Abs(own) / (last - first);
        EdgesJ = (alone ? 1 + AloneFactor * seen : 1) * scatter * seconds;
        var most = seen > LongLook ? LargeSwing : !alone && range < Quick * scatter * seconds ? QuickSwing : alone && seen > ShortLook ? AloneSwing : LargeSwing;
        var swing = scatter / Math.Abs(mean);
        TooLargeSwing = swing > most ? swing : 0;
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

    /// <summary>Standard deviation of the values over their mean where such a beat would be more than an interval can cover; else 0.</summary>
    public double TooLargeSwing { get; }

    // Of the sum of values around its parabola of least squares: standard deviation and range, J.
    private static (double StandardJ, double RangeJ) AroundParabola(ReadOnlySpan<double> levels, double mean, double seconds)
    {
        var sums = new double[levels.Length + 1];
        for (var k = 0; k < levels.Length; k++)
            sums[k + 1] = sums[k] + (levels[k] - mean) * seconds;
        // Over 1, x and x^2 - n, which do not share anything on evenly spaced places.
        var (middle, meanSquare) = ((sums.Length - 1) / 2.0, ((double)sums.Length * sums.Length - 1) / 12);
        double constant = 0, linear = 0, linears = 0, curved = 0, curveds = 0;
        for (var k = 0; k < sums.Length; k++)
        {
            var x = k - middle;
            var curve = x * x - meanSquare;
            (constant, linear, curved) = (constant + sums[k] / sums.Length, linear + x * sums[k], curved + curve * sums[k]);
            (linears, curveds) = (linears + x * x, curveds + curve * curve);
        }

        double low = 0, high = 0, square = 0;
        for (var k = 0; k < sums.Length; k++)
        {
            var x = k - middle;
            var rest = sums[k] - constant - linear / linears * x - curved / curveds * (x * x - meanSquare);
            (low, high, square) = (Math.Min(low, rest), Math.Max(high, rest), square + rest * rest);
        }

        return (Math.Sqrt(square / (sums.Length - 3)), high - low);
    }

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
