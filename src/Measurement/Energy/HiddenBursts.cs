namespace MeterLab.Measurement.Energy;

/// <summary>
/// What a load could do within the averaging window of a meter without its values telling: bursts that begin and end there. A mean spans them
/// nearly whole, so the cumulative energy comes back to its straight line again and again, however long one watches; a load that really wanders
/// leaves that line for good. Where their period nearly divides the meter's, the values hardly move from one to the next; the sum still tells.
/// </summary>
internal sealed class HiddenBursts
{
    // Beyond the window as far as the load goes on alike: values within this share of the window's mean, this many at most.
    private const double Alike = 0.3;
    private const int Reach = 60;

    // A machine's rest right beside the window mixes into one value; fewer than this do not count as going on.
    private const int LeastBeyond = 3;

    // The energy that bursts of half the update period move to and fro, of the mean power times that period: what comes from zero and is
    // on for half of the time reaches a quarter. More is a load that moves by itself.
    private const double MostRange = 0.25;

    private const int LeastLevels = 5;

    /// <summary>From levels that stand for <paramref name="seconds"/> each, of which those from first to last are the window's own.</summary>
    public HiddenBursts(ReadOnlySpan<double> levels, int first, int last, double seconds)
    {
        if (last - first < LeastLevels)
            return;
        var mean = Mean(levels[first..last]);
        var from = Extent(levels, first - 1, -1, mean);
        var to = Extent(levels, last, 1, mean);
        var stretch = levels[(first - (from >= LeastBeyond ? from : 0))..(last + (to >= LeastBeyond ? to : 0))];
        (StandardJ, var range) = Around(stretch, seconds);
        ArePossible = range <= MostRange * Math.Abs(mean) * seconds;
    }

    /// <summary>Standard deviation of the cumulative energy around its parabola (a ramp's is one), J.</summary>
    public double StandardJ { get; }

    /// <summary>Whether bursts within a value could be all that moves it.</summary>
    public bool ArePossible { get; }

    private static int Extent(ReadOnlySpan<double> levels, int k, int step, double mean)
    {
        var count = 0;
        while (count < Reach && k >= 0 && k < levels.Length && Math.Abs(levels[k] - mean) < Alike * Math.Abs(mean))
            (count, k) = (count + 1, k + step);
        return count;
    }

    private static (double StandardJ, double RangeJ) Around(ReadOnlySpan<double> levels, double seconds)
    {
        var middle = (levels.Length - 1) / 2.0;
        var mean = Mean(levels);
        double slope = 0, squares = 0;
        for (var k = 0; k < levels.Length; k++)
            (slope, squares) = (slope + (k - middle) * levels[k], squares + (k - middle) * (k - middle));
        slope /= squares;
        double sum = 0, low = 0, high = 0, first = 0, second = 0;
        for (var k = 0; k < levels.Length; k++)
        {
            sum += (levels[k] - mean - slope * (k - middle)) * seconds;
            (low, high, first, second) = (Math.Min(low, sum), Math.Max(high, sum), first + sum, second + sum * sum);
        }

        var count = levels.Length + 1.0;
        return (Math.Sqrt(Math.Max(0, second / count - first / count * (first / count))), high - low);
    }

    private static double Mean(ReadOnlySpan<double> levels)
    {
        double sum = 0;
        foreach (var level in levels)
            sum += level;
        return sum / levels.Length;
    }
}
