using MeterLab.Measurement.Meters;

namespace MeterLab.Orchestrator.Wiring;

/// <summary>
/// How far a channel's power rises with a load that is switched by a known pattern: a straight line of power over the share of each averaging window in
/// which the load was on, with a linear drift beside it. The meter's lag is not known yet, so that one is taken that explains most.
/// </summary>
internal static class LoadResponse
{
    private const int Blocks = 10;
    private const int FewestSamples = 2 * Blocks;
    private const int Lags = 13;

    /// <summary>The step, W, and its standard uncertainty by leaving out a tenth of the pattern at a time; null where there are too few samples.</summary>
    /// <param name="edges">When the load changed, ns of the line, and to what; in order.</param>
    /// <param name="samples">Time, ns of the line, and power, W; in order.</param>
    /// <param name="response">How the meter averages.</param>
    public static (double Step, double Uncertainty)? Of(
        IReadOnlyList<(double AtNs, bool Busy)> edges, IReadOnlyList<(double AtNs, double Watts)> samples, MeterResponse response)
    {
        if (samples.Count < FewestSamples || edges.Count < 2)
            return null;
        var window = Math.Max(1e-3, response.AveragingSeconds) * 1e9;
        var longest = 2 * window + Math.Max(response.DelaySeconds, response.UpdatePeriodSeconds) * 1e9;
        double[]? best = null;
        var explained = -1.0;
        for (var i = 0; i < Lags; i++)
        {
            var lag = longest * i / (Lags - 1);
            double[] shares = [.. samples.Select(sample => ShareOn(edges, sample.AtNs - lag - window, sample.AtNs - lag))];
            var (step, fit) = Fit(shares, samples, skip: -1);
            if (double.IsFinite(step) && fit > explained)
                (explained, best) = (fit, shares);
        }

        if (best is null)
            return null;
        double[] parts = [.. Enumerable.Range(0, Blocks).Select(block => Fit(best, samples, block).Step)];
        var mean = parts.Average();
        var uncertainty = Math.Sqrt((Blocks - 1.0) / Blocks * parts.Sum(part => (part - mean) * (part - mean)));
        return double.IsFinite(uncertainty) ? (Fit(best, samples, skip: -1).Step, uncertainty) : null;
    }

    // The share of a stretch in which the load was on.
    private static double ShareOn(IReadOnlyList<(double AtNs, bool Busy)> edges, double from, double to)
    {
        var on = 0.0;
        for (var i = 0; i < edges.Count; i++)
        {
            if (!edges[i].Busy)
                continue;
            var end = i + 1 < edges.Count ? edges[i + 1].AtNs : double.PositiveInfinity;
            on += Math.Max(0, Math.Min(end, to) - Math.Max(edges[i].AtNs, from));
        }

        return on / (to - from);
    }

    // Least squares of power over share and time, by making both free of mean and drift; with the part of the variance that the share explains.
    private static (double Step, double Explained) Fit(double[] shares, IReadOnlyList<(double AtNs, double Watts)> samples, int skip)
    {
        var kept = Enumerable.Range(0, shares.Length).Where(i => i * Blocks / shares.Length != skip).ToArray();
        double[] times = Centred([.. kept.Select(i => samples[i].AtNs - samples[0].AtNs)]);
        var x = WithoutDrift(Centred([.. kept.Select(i => shares[i])]), times);
        var y = WithoutDrift(Centred([.. kept.Select(i => samples[i].Watts)]), times);
        var (xx, xy, yy) = (Dot(x, x), Dot(x, y), Dot(y, y));
        return (xy / xx, yy > 0 ? xy * xy / (xx * yy) : 0);
    }

    private static double[] Centred(double[] values)
    {
        var mean = values.Average();
        return [.. values.Select(value => value - mean)];
    }

    private static double[] WithoutDrift(double[] values, double[] times)
    {
        var square = Dot(times, times);
        var slope = square > 0 ? Dot(values, times) / square : 0;
        return [.. values.Zip(times, (value, time) => value - slope * time)];
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (left, right) => left * right).Sum();
}
