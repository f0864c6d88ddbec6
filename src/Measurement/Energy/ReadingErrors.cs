using System.Runtime.InteropServices;

using MeterLab.Measurement.Statistics;

namespace MeterLab.Measurement.Energy;

/// <summary>What each reading gets wrong by itself: rounding, and noise.</summary>
internal static class ReadingErrors
{
    // Quartile of |x| of a normal second difference of noise s: 0.6745 sqrt(6) s.
    private const double MedianOfNoise = 0.6745 * 2.449489742783178;

    /// <summary>
    /// Standard uncertainty of the mean level from rounding to steps of <paramref name="step"/>, W. Readings on the same or a neighbouring
    /// step repeat one error; those apart have errors of their own; noise of more than half a step mixes them.
    /// </summary>
    public static double Rounding(ReadOnlySpan<double> levels, double step, double ownSquare)
    {
        if (step <= 0 || levels.Length == 0)
            return 0;
        var counts = new Dictionary<long, int>();
        foreach (var level in levels)
        {
            var code = (long)Math.Round(level / step);
            CollectionsMarshal.GetValueRefOrAddDefault(counts, code, out _)++;
        }

        double pairs = 0;
        foreach (var (code, count) in counts)
            pairs += (double)count * (count + counts.GetValueOrDefault(code - 1) + counts.GetValueOrDefault(code + 1));
        var alike = Math.Min(1, pairs / ((double)levels.Length * levels.Length));
        // Two steps by turns have a variance of a quarter step squared without any noise to speak of.
        var noise = Math.Max(0, ownSquare / 6 / (step * step) - 0.25);
        var repeated = alike * Math.Exp(-4 * Math.PI * Math.PI * noise);
        return step / Math.Sqrt(12) * Math.Sqrt(repeated + (1 - repeated) / levels.Length);
    }

    /// <summary>
    /// Standard uncertainty of one reading from noise, W: what the quieter half of second differences shows, and no more than the limit
    /// of error that the data sheet gives for a reading (a moving load looks like noise, and is none).
    /// </summary>
    public static double Noise(ReadOnlySpan<double> levels, double limit)
    {
        if (levels.Length < 5 || limit <= 0)
            return 0;
        var differences = new double[levels.Length - 2];
        for (var k = 0; k < differences.Length; k++)
            differences[k] = Math.Abs(levels[k] - 2 * levels[k + 1] + levels[k + 2]);
        return Math.Min(Selection.At(differences, differences.Length / 2) / MedianOfNoise, limit / Math.Sqrt(3));
    }
}
