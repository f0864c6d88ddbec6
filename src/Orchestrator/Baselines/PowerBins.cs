using MeterLab.Measurement.Samples;

namespace MeterLab.Orchestrator.Baselines;

/// <summary>
/// A target's power in one scope as evenly spaced means, the sum of its channels: what tests of steadiness and means with a memory want.
/// Bins that a gap leaves less than half covered are left out and counted.
/// </summary>
/// <param name="Seconds">Width of a bin.</param>
/// <param name="Watts">Mean powers, W, in order.</param>
/// <param name="StartNs">Where each begins, ns of the line.</param>
/// <param name="Missing">How many were left out.</param>
internal sealed record PowerBins(double Seconds, double[] Watts, long[] StartNs, int Missing)
{
    private const double LeastSeconds = 0.1;
    private const double LeastCovered = 0.5;

    /// <summary>A width for these channels: no bin is shorter than the slowest one's update.</summary>
    public static double WidthFor(IEnumerable<double> periodsSeconds) => Math.Max(LeastSeconds, periodsSeconds.DefaultIfEmpty(0).Max());

    /// <summary>The bins between two moments of the line; the last, broken one is left out.</summary>
    public static PowerBins Of(IReadOnlyList<PowerSeries> channels, long fromNs, long toNs, double seconds)
    {
        var width = Math.Max(1, (long)(seconds * 1e9));
        var count = (int)Math.Max(0, (toNs - fromNs) / width);
        var sum = new double[count];
        foreach (var channel in channels)
            Add(channel, fromNs, width, sum);
        var watts = new List<double>(count);
        var starts = new List<long>(count);
        for (var i = 0; i < count; i++)
        {
            if (!double.IsFinite(sum[i]))
                continue;
            watts.Add(sum[i]);
            starts.Add(fromNs + i * width);
        }

        return new PowerBins(seconds, [.. watts], [.. starts], count - watts.Count);
    }

    // Each value stands for the time since the one before it, or for its usual spacing where that one is missing.
    private static void Add(PowerSeries channel, long fromNs, long width, double[] sum)
    {
        var joules = new double[sum.Length];
        var covered = new double[sum.Length];
        var period = (long)(channel.PeriodSeconds * 1e9);
        var gap = (long)(channel.GapSeconds * 1e9);
        for (var k = channel.FirstEndingAtOrAfter(fromNs); k < channel.Count; k++)
        {
            var end = channel.EndNs[k];
            var start = k > 0 && end - channel.EndNs[k - 1] <= gap ? channel.EndNs[k - 1] : end - period;
            if (start >= fromNs + sum.Length * width)
                break;
            for (var bin = Math.Max(0, (start - fromNs) / width); bin < sum.Length && fromNs + bin * width < end; bin++)
            {
                var inside = Math.Min(end, fromNs + (bin + 1) * width) - Math.Max(start, fromNs + bin * width);
                if (inside <= 0)
                    continue;
                joules[bin] += channel.Watts[k] * inside;
                covered[bin] += inside;
            }
        }

        for (var i = 0; i < sum.Length; i++)
            sum[i] += covered[i] >= LeastCovered * width ? joules[i] / covered[i] : double.NaN;
    }
}
