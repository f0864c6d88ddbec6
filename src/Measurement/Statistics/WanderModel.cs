using System.Collections.Concurrent;

namespace MeterLab.Measurement.Statistics;

/// <summary>
/// The kinds of noise that a series of rest may have, and how likely each is before the series is looked at: white noise alone; white noise and a
/// wandering that forgets itself within some time (first-order, exponential autocorrelation), from less than what can be resolved to three times the
/// series; and white noise with a wandering of all such memories at once, which is nearly 1/f. Each is told by the variances of the series' cosine
/// coefficients and of its mean, exact for means over equal intervals.
/// </summary>
/// <param name="Weight">Prior weight.</param>
/// <param name="Mean">Variance of the series' mean about the level that it wanders around, in units of that which white noise alone makes.</param>
/// <param name="Coefficients">Variances of the cosine coefficients 1, 2, …, in the same unit.</param>
internal sealed record WanderModel(double Weight, double Mean, double[] Coefficients)
{
    // The weights and ends of the grids were chosen by the table of baselines in tests/Coverage: wide enough that wandering is covered which the
    // series itself hardly shows, and no wider than white noise allows.
    private const double White = 0.35;
    private const double Flicker = 0.12;
    private const int Memories = 16;
    private const double LongestMemory = 3;
    private const double LongestFlicker = 4;
    private const double Beyond = -0.8;
    private const int Sizes = 16;
    private const double LeastSize = 0.05;
    private const double MostSize = 3e4;
    private const double MostFlicker = 1e3;

    // Settling and measuring ask for the same lengths again and again; the bound keeps a strange caller from filling the memory.
    private const int MostKept = 64;
    private static readonly ConcurrentDictionary<(int Count, int Coefficients), IReadOnlyList<WanderModel>> Kept = new();

    /// <summary>All of them for a series of so many values, told by its lowest cosine coefficients.</summary>
    public static IReadOnlyList<WanderModel> For(int count, int coefficients)
    {
        if (Kept.TryGetValue((count, coefficients), out var models))
            return models;
        if (Kept.Count >= MostKept)
            Kept.Clear();
        return Kept[(count, coefficients)] = [.. All(count, coefficients)];
    }

    private static IEnumerable<WanderModel> All(int count, int coefficients)
    {
        yield return new WanderModel(White, 1, [.. Enumerable.Repeat(1.0, coefficients)]);
        var shortest = 0.5 / (Math.PI * coefficients);
        foreach (var memory in Grid(shortest, LongestMemory, Memories))
        {
            var weight = (1 - White - Flicker) / Memories / Sizes * (memory > 1 ? Math.Pow(memory, Beyond) : 1);
            foreach (var model in WithWhite(Wandering(memory, count, coefficients), weight, MostSize))
                yield return model;
        }

        var parts = Grid(shortest, LongestFlicker, Memories).Select(memory => Wandering(memory, count, coefficients)).ToList();
        var flicker = Enumerable.Range(0, coefficients + 1).Select(k => parts.Average(part => part[k])).ToArray();
        foreach (var model in WithWhite(flicker, Flicker / Sizes, MostFlicker))
            yield return model;
    }

    // The sizes are those of the wandering in the first coefficient, where it is largest against the white noise.
    private static IEnumerable<WanderModel> WithWhite(double[] wandering, double weight, double mostSize) => Grid(LeastSize, mostSize, Sizes).Select(size =>
    {
        var scale = size / wandering[1];
        return new WanderModel(weight, 1 + scale * wandering[0], [.. wandering.Skip(1).Select(one => 1 + scale * one)]);
    });

    /// <summary>
    /// Variances of mean (0) and cosine coefficients of means over equal intervals of a process with variance 1 and exponential autocorrelation.
    /// Its autocovariance is c r^(j-1) between means j apart, and that of one mean g: a first-order autoregression plus white noise of g - c / r.
    /// </summary>
    /// <param name="memory">Time constant in units of the whole series.</param>
    /// <param name="count">Means in the series.</param>
    /// <param name="coefficients">How many coefficients.</param>
    internal static double[] Wandering(double memory, int count, int coefficients)
    {
        var x = 1 / (memory * count);
        var r = Math.Exp(-x);
        var own = x < 1e-3 ? 1 - x / 3 : 2 / (x * x) * (x - 1 + r);
        var scale = Math.Pow(Math.Exp(x / 2) - Math.Exp(-x / 2), 2) / (x * x);
        var variances = new double[coefficients + 1];
        double n = count;
        var last = Math.Pow(r, n);
        variances[0] = scale / (n * n) * (n * (1 + r) / (1 - r) - 2 * r * (1 - last) / ((1 - r) * (1 - r))) + (own - scale) / n;
        for (var k = 1; k <= coefficients; k++)
        {
            var half = Math.PI * k / (2 * n);
            var denominator = 1 - 2 * r * Math.Cos(2 * half) + r * r;
            // What lies before and after the series lacks in its sums.
            var edge = (1 - r) * Math.Cos(half) / denominator;
            var ends = r * edge * edge * (1 - (k % 2 == 0 ? last : -last));
            variances[k] = scale * ((1 - r * r) / denominator / n - 4 / (n * n) * ends) + (own - scale) / n;
        }

        return variances;
    }

    private static IEnumerable<double> Grid(double low, double high, int points) =>
        Enumerable.Range(0, points).Select(i => low * Math.Pow(high / low, i / (points - 1.0)));
}
