namespace MeterLab.Measurement.Energy;

/// <summary>
/// How a load moves between the values of a series, from second differences at two scales: a load without memory shows the same at both
/// (ratio 1), a random walk or a load of steps two to three times as much at twice the scale, a smooth one up to sixteen times. Straight
/// lines count for nothing. From this follows what cannot be seen between or beside the values.
/// </summary>
internal sealed class LoadRoughness
{
    private const double LargestRatio = 16;

    // Below 1: what moves within one value comes back in the next, as bursts do that a mean nearly spans whole.
    private const double LeastRatio = 0.3;

    // With few values the ratio is held near that of no memory, which is the wider interval.
    private const double PriorCount = 4;

    // Mean squares of second differences at the series' own scale and at twice of it, W^2.
    private readonly double _bound;

    /// <summary>Learns from levels in their order; <paramref name="seen"/> is the share of the time that each of them covers.</summary>
    public LoadRoughness(ReadOnlySpan<double> levels, double seen)
    {
        Seen = seen;
        double own = 0, twice = 0, fourth = 0;
        for (var k = 1; k < levels.Length - 1; k++)
        {
            var difference = levels[k - 1] - 2 * levels[k] + levels[k + 1];
            var square = difference * difference;
            own += square;
            fourth += square * square;
        }

        for (var k = 2; k < levels.Length - 2; k++)
        {
            var difference = levels[k - 2] - 2 * levels[k] + levels[k + 2];
            twice += difference * difference;
        }

        var (owns, twices) = (Math.Max(0, levels.Length - 2), Math.Max(0, levels.Length - 4));
        OwnSquare = owns > 0 ? own / owns : 0;
        var raw = OwnSquare > 0 && twices > 0 ? Math.Clamp(twice / twices / OwnSquare, 0, LargestRatio) : 1;
        Ratio = Math.Clamp((raw * twices + PriorCount) / (twices + PriorCount), LeastRatio, LargestRatio);
        // Of n equal squares, n; of one that stands out, 1: how many events the mean square rests on.
        Events = fourth > 0 ? own * own / fourth : owns;
        _bound = 2 + seen;
    }

    /// <summary>The share of the time that is seen.</summary>
    public double Seen { get; }

    /// <summary>Mean square of the second differences, W^2.</summary>
    public double OwnSquare { get; }

    /// <summary>Of twice the scale to the own one, 1 to 16.</summary>
    public double Ratio { get; }

    /// <summary>How many second differences carry the mean square.</summary>
    public double Events { get; }

    /// <summary>
    /// Variance that one spacing adds to the mean power times spacing squared, per <see cref="OwnSquare"/>: a load without memory that is
    /// seen for a share s of the time, (1 - s^2) / 6 (short bursts in a window belong together); a walk or steps, (1 - s)^2 / (12 (2 - s)); between and beyond, by the ratio.
    /// </summary>
    public double SpacingFactor => Seen >= 1 ? 0 : Spacing((1 - Seen) * (1 + Seen) / 6);

    /// <summary>
    /// The same for bursts, of which the unseen time takes back what the seen time shows: whatever the share that is seen, 1 / 6 where values have
    /// no memory.
    /// </summary>
    public double BurstsFactor => Seen >= 1 ? 0 : Spacing(1.0 / 6);

    /// <summary>The same for an edge inside a window that is seen whole, times x (1 - x) of its place: 1 / 6 without memory, 0.028 for steps and walks.</summary>
    public double EdgeFactor => Between(Ratio, 1.0 / 6, 0.028);

    /// <summary>
    /// The same for an edge that shifts within a window, per second of the shift: only what has no memory moves more than the levels tell.
    /// </summary>
    public double ShiftFactor => Math.Pow(Ratio, -3) / 6;

    private double Spacing(double withoutMemory) => Between(Math.Max(1, Ratio), withoutMemory, (1 - Seen) * (1 - Seen) / (12 * (2 - Seen)));

    private double Between(double ratio, double withoutMemory, double walk) =>
        withoutMemory * Math.Pow(walk / withoutMemory, Math.Log(ratio) / Math.Log(_bound));
}
