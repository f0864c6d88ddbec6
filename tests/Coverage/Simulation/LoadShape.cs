namespace MeterLab.Coverage.Simulation;

/// <summary>A kind of workload: draws the true power of one run. Levels, times and phases are drawn anew each time.</summary>
internal sealed record LoadShape(string Name, Func<Draw, double, double, double, IEnumerable<(double Seconds, double Watts)>> Knots)
{
    /// <summary>The shapes of the coverage table. A burst is faster than the meter's update period.</summary>
    public static IReadOnlyList<LoadShape> All { get; } =
    [
        new("constant", (draw, from, to, _) => Constant(draw, from, to)),
        new("ramp", (draw, from, to, _) => Ramp(draw, from, to)),
        new("epochs", (draw, from, to, _) => Square(draw, from, to, draw.Uniform(2, 12))),
        new("spikes", (draw, from, to, _) => Spikes(draw, from, to)),
        new("wander", (draw, from, to, _) => Wander(draw, from, to)),
        new("bursts", (draw, from, to, period) => Square(draw, from, to, period * draw.Uniform(0.1, 0.6))),
    ];

    private static List<(double, double)> Constant(Draw draw, double from, double to)
    {
        var level = draw.Uniform(60, 400);
        return [(from, level), (to, level)];
    }

    private static List<(double, double)> Ramp(Draw draw, double from, double to) =>
        [(from, draw.Uniform(60, 400)), (to, draw.Uniform(60, 400))];

    // Busy and quiet by turns, a little irregular, with flanks that take their time.
    private static List<(double, double)> Square(Draw draw, double from, double to, double period)
    {
        var (low, high) = (draw.Uniform(60, 200), draw.Uniform(200, 400));
        var busy = draw.Uniform(0.25, 0.75);
        var irregular = draw.Uniform(0.01, 0.15);
        var flank = period * draw.Uniform(0.001, 0.05);
        var knots = new List<(double, double)> { (from - 3 * period, low) };
        for (var t = from - 2 * period * draw.Uniform(0.5, 1); t < to;)
        {
            var (on, off) = (period * busy * (1 + draw.Uniform(-irregular, irregular)), period * (1 - busy) * (1 + draw.Uniform(-irregular, irregular)));
            knots.Add((t, low));
            knots.Add((t + flank, high));
            knots.Add((t + on, high));
            knots.Add((t + on + flank, low));
            t += on + off;
        }

        knots.Add((Math.Max(to, knots[^1].Item1) + 1, low));
        return knots;
    }

    private static List<(double, double)> Spikes(Draw draw, double from, double to)
    {
        var level = draw.Uniform(60, 200);
        var every = draw.Uniform(2, 8);
        var knots = new List<(double, double)> { (from, level) };
        for (var t = from + draw.Exponential(every); t < to - 1;)
        {
            var (width, height) = (draw.Uniform(0.05, 0.4), draw.Uniform(50, 300));
            knots.Add((t, level));
            knots.Add((t, level + height));
            knots.Add((t + width, level + height));
            knots.Add((t + width, level));
            t += width + draw.Exponential(every);
        }

        knots.Add((to, level));
        return knots;
    }

    // A mean-reverting walk, fine against every meter that sees it move.
    private static List<(double, double)> Wander(Draw draw, double from, double to)
    {
        var (level, sigma, memory) = (draw.Uniform(150, 350), draw.Uniform(5, 30), draw.Scale(0.5, 30));
        var step = Math.Max(memory / 200, (to - from) / 40_000);
        var keep = Math.Exp(-step / memory);
        var away = draw.Normal(sigma);
        var knots = new List<(double, double)>();
        for (var t = from; t < to + step; t += step)
        {
            knots.Add((t, level + away));
            away = keep * away + draw.Normal(sigma * Math.Sqrt(1 - keep * keep));
        }

        return knots;
    }
}
