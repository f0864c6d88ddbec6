using MeterLab.Coverage.Simulation;
using MeterLab.Measurement.Statistics;

namespace MeterLab.Coverage.Baseline;

/// <summary>Many baselines of one kind of rest, on one meter, over stretches of one length.</summary>
/// <param name="Noise">How the power moves.</param>
/// <param name="Meter">What measures it.</param>
/// <param name="StretchS">How long, s; where an uncertainty is wanted, at most.</param>
/// <param name="WantedW">Measured until the expanded uncertainty is this, W, as `baseline measure` does; null: the whole stretch.</param>
internal sealed record BaselineCell(RestNoise Noise, RestMeter Meter, double StretchS, double? WantedW = null)
{
    /// <summary>Least share of baselines whose true power lies in the stated interval.</summary>
    public const double LeastCoverage = 0.93;

    /// <summary>Bounds of the 95th percentile of |error| / stated.</summary>
    public const double LeastRatio = 0.67;

    /// <summary>See <see cref="LeastRatio"/>.</summary>
    public const double MostRatio = 1.05;

    // A stretch is worth its length over two memories. Where that is little, it does not show how long the memory is, and the interval must be wider.
    private const double ManyIndependent = 25;

    // baseline measure does not stop before it has so many.
    private const double ManyReadings = 33;

    private const double LeastS = 20;
    private const double LeastIndependent = 8;

    /// <summary>Whether the stretch is long against the memory, so that an interval wider than needed has no excuse.</summary>
    public bool IsLong => StretchS >= ManyIndependent * 2 * Noise.LongestMemoryS && !IsCoarse;

    /// <summary>Whether the noise is too small to show that it spreads the meter's rounding: the whole step must be allowed for.</summary>
    public bool IsCoarse => Noise.WhiteW + Noise.WanderW is var noise && noise < 0.6 * Meter.StepW && noise > 0.1 * Meter.StepW;

    /// <summary>Whether it shows so little of its own memory that nobody can tell: slower than half the stretch, or slow under noise or in few readings.</summary>
    public bool IsHidden =>
        Noise.LongestMemoryS > ShortestS / 2
        || (Noise.LongestMemoryS > ShortestS / 4 && ShortestS / Meter.IntervalS < ManyReadings)
        || (Noise.LongestMemoryS > ShortestS / ManyIndependent && Noise.WhiteW > 0);

    /// <summary>Whether the figures hold what is wanted of them.</summary>
    public bool Holds(BaselineCoverage found) =>
        found.Coverage >= LeastCoverage && found.Ratio95 <= MostRatio && (!IsLong || found.Ratio95 >= LeastRatio);

    /// <summary>Simulates pairs of baselines on as many cores as there are; the same seed gives the same figures.</summary>
    public BaselineCoverage Simulate(int pairs, int seed)
    {
        var ratios = new double[2 * pairs];
        var stated = new double[2 * pairs];
        var differ = new bool[pairs];
        Parallel.For(0, pairs, i =>
        {
            var draw = new Draw(unchecked((seed * 486_187_739 + i) * 16_777_619));
            // Anywhere between two steps of a coarse meter.
            var level = draw.Uniform(60, 61);
            var gain = Meter.Gain(draw);
            var (one, other) = (Level(gain, level, draw), Level(gain, level, draw));
            foreach (var (k, found) in new[] { (2 * i, one), (2 * i + 1, other) })
                (ratios[k], stated[k]) = (Math.Abs(found.Watts - level) / found.UncertaintyW!.Value, found.UncertaintyW!.Value);
            differ[i] = BaselineChange.Test([Night(one)], [Night(other)]).Changed;
        });
        Array.Sort(ratios);
        Array.Sort(stated);
        return new BaselineCoverage(
            ratios.Count(ratio => ratio <= 1) / (double)ratios.Length, ratios[(int)(0.95 * (ratios.Length - 1))], stated[stated.Length / 2], differ.Count(one => one) / (double)pairs);
    }

    private static BaselineNight Night(IdleLevel level) =>
        new(level.Watts, Math.Sqrt(level.RandomW * level.RandomW + level.ResolutionW * level.ResolutionW), level.Freedom);

    private double ShortestS => WantedW is null ? StretchS : LeastS;

    private IdleLevel Level(double gain, double levelW, Draw draw)
    {
        var shown = Meter.Show(gain, levelW, Noise.Readings((int)(StretchS / Meter.IntervalS), Meter.IntervalS, draw));
        if (WantedW is not { } wanted)
            return Of(shown);
        // As IdleWait does: looked at after a second, then every eighth of the time, every ten seconds at most.
        for (var elapsed = 1.0; elapsed < StretchS; elapsed += Math.Clamp(elapsed / 8, 1, 10))
        {
            if (elapsed < Math.Max(LeastS, ManyReadings * Meter.IntervalS))
                continue;
            var level = Of(shown.AsSpan(0, (int)(elapsed / Meter.IntervalS)));
            if (level.EffectiveCount >= LeastIndependent && level.UncertaintyW <= wanted)
                return level;
        }

        return Of(shown);
    }

    private IdleLevel Of(ReadOnlySpan<double> shown) =>
        IdleLevel.Of(shown, [new ChannelLevel(60, Meter.Accuracy, Meter.StepW, ReadingScatter.Of(shown))]);
}

/// <summary>What a cell's baselines showed.</summary>
/// <param name="Coverage">Share whose true power lies in the stated interval.</param>
/// <param name="Ratio95">95th percentile of |error| / stated.</param>
/// <param name="StatedW">Median of the stated uncertainties, W.</param>
/// <param name="Differ">Share of pairs that are said to differ.</param>
internal sealed record BaselineCoverage(double Coverage, double Ratio95, double StatedW, double Differ);
