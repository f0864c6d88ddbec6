using MeterLab.Measurement.Meters;

namespace MeterLab.Measurement.Lag;

/// <summary>
/// Finds a meter's lag from a load pattern that it saw: the trace is explained by the pattern through the meter's response, with
/// sub-sample resolution; the interval is that of the likelihood ratio, widened for correlated residuals. Where shuffled
/// patterns explain the trace as well, the pattern was not visible and no lag is stated.
/// </summary>
public static class LagFit
{
    private const int Shuffles = 60;
    private const int MaxSamples = 8_000;

    // 95 % point of chi-squared with one degree of freedom.
    private const double ChiSquared95 = 3.841;

    /// <summary>
    /// Fits. The search for the delay runs from a fifth of the longest plausible delay before zero (a wrong clock shows as a negative lag) to it.
    /// </summary>
    /// <param name="readNs">When values came to be readable, ns on the lab's line, increasing: arrivals of updates.</param>
    /// <param name="watts">The values, W.</param>
    /// <param name="pattern">The load's edges on the lab's line.</param>
    /// <param name="response">The profile's response: period, and the averaging where known.</param>
    /// <param name="averagingKnown">Whether the profile's averaging is to be believed.</param>
    /// <param name="maxDelaySeconds">The longest plausible delay.</param>
    public static LagFitResult Fit(
        ReadOnlySpan<long> readNs, ReadOnlySpan<double> watts, LoadPattern pattern, MeterResponse response, bool averagingKnown, double maxDelaySeconds)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(response);
        var margin = 2 * (long)((maxDelaySeconds + response.AveragingSeconds) * 1e9);
        var model = Select(readNs, watts, pattern.StartNs - margin, pattern.EndNs + margin);
        if (model is null || model.Count < 12)
            return Refuse("the trace has fewer than a dozen values where the pattern was played");
        if (model.TotalSquares <= 1e-9)
            return Refuse("the trace does not change where the pattern was played");

        var minDelay = -maxDelaySeconds / 5;
        var nominal = Search(model, pattern, response.AveragingSeconds, response.Shape, minDelay, maxDelaySeconds, response.UpdatePeriodSeconds);
        var best = averagingKnown ? nominal : BestResponse(model, pattern, nominal, response, minDelay, maxDelaySeconds);
        var solution = model.Solve(pattern, best.Delay, best.Averaging, best.Shape);
        var explained = 1 - solution.Left / model.TotalSquares;
        var shuffled = ShuffledExplained(model, pattern, best, minDelay, maxDelaySeconds, response.UpdatePeriodSeconds);
        if (explained <= shuffled || solution.Step <= 0)
        {
            return Refuse(FormattableString.Invariant(
                $"the pattern explains {explained * 100:0} % of the trace's variance, shuffled ones up to {shuffled * 100:0} %: the load is not visible on this meter"));
        }

        var widen = Widening(model, pattern, best);
        var (delay, uncertainty) = DelayInterval(model, pattern, best, solution.Left, widen, response.UpdatePeriodSeconds);
        return new LagFitResult
        {
            Visible = true,
            DelaySeconds = delay,
            DelayUncertaintySeconds = uncertainty,
            AveragingSeconds = best.Averaging,
            Shape = best.Shape,
            StepW = solution.Step,
            StepUncertaintyW = Math.Sqrt(solution.StepVariance * solution.Left / Math.Max(1, model.Count - 4) * widen),
            BaselineW = solution.Baseline,
            Explained = explained,
        };
    }

    private static LagFitResult Refuse(string reason) => new() { Visible = false, Reason = reason };

    // What lies near the pattern; a quick stream is thinned by means, so that its noise goes down with its length.
    private static LagModel? Select(ReadOnlySpan<long> readNs, ReadOnlySpan<double> watts, long fromNs, long toNs)
    {
        var first = readNs.BinarySearch(fromNs);
        first = first < 0 ? ~first : first;
        var last = readNs.BinarySearch(toNs);
        last = last < 0 ? ~last : last;
        if (last - first < 12)
            return null;
        var block = Math.Max(1, (last - first) / MaxSamples);
        var times = new List<double>();
        var values = new List<double>();
        for (var i = first; i + block <= last; i += block)
        {
            double t = 0, w = 0;
            for (var j = i; j < i + block; j++)
            {
                t += readNs[j] - readNs[first];
                w += watts[j];
            }

            times.Add(readNs[first] + t / block);
            values.Add(w / block);
        }

        return new LagModel([.. times], [.. values]);
    }

    private static Point Search(
        LagModel model, LoadPattern pattern, double averaging, ResponseShape shape, double minDelay, double maxDelay, double period)
    {
        var step = Math.Max(period / 8, (maxDelay - minDelay) / 400);
        var best = new Point(minDelay, averaging, shape, double.PositiveInfinity);
        for (var delay = minDelay; delay <= maxDelay; delay += step)
            best = Better(best, At(model, pattern, delay, averaging, shape));
        // Golden section around the best of the grid.
        const double Golden = 0.6180339887498949;
        double low = best.Delay - step, high = best.Delay + step;
        while (high - low > step * 1e-4)
        {
            var left = At(model, pattern, high - Golden * (high - low), averaging, shape);
            var right = At(model, pattern, low + Golden * (high - low), averaging, shape);
            best = Better(Better(best, left), right);
            if (left.Left <= right.Left)
                high = right.Delay;
            else
                low = left.Delay;
        }

        return best;
    }

    // Another response is taken only where it explains clearly more than the nominal one.
    private static Point BestResponse(
        LagModel model, LoadPattern pattern, Point nominal, MeterResponse response, double minDelay, double maxDelay)
    {
        var best = nominal;
        ReadOnlySpan<double> shares = [0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0];
        foreach (var shape in (ReadOnlySpan<ResponseShape>)[ResponseShape.Average, ResponseShape.FirstOrder])
        {
            foreach (var share in shares)
                best = Better(best, Search(model, pattern, share * response.UpdatePeriodSeconds, shape, minDelay, maxDelay, response.UpdatePeriodSeconds));
        }

        for (var factor = 1.25; factor > 1.01; factor = Math.Sqrt(factor))
        {
            foreach (var averaging in (ReadOnlySpan<double>)[best.Averaging * factor, best.Averaging / factor])
            {
                var around = Search(model, pattern, averaging, best.Shape, best.Delay - response.UpdatePeriodSeconds / 4, best.Delay + response.UpdatePeriodSeconds / 4, response.UpdatePeriodSeconds);
                best = Better(best, around);
            }
        }

        var threshold = nominal.Left / (1 + 2 * ChiSquared95 * Widening(model, pattern, best) / Math.Max(1, model.Count - 5));
        return best.Left < threshold ? best : nominal;
    }

    private static double ShuffledExplained(LagModel model, LoadPattern pattern, Point best, double minDelay, double maxDelay, double period)
    {
        var random = new Random(1);
        var levels = pattern.Levels.ToArray();
        double highest = 0;
        for (var i = 0; i < Shuffles; i++)
        {
            random.Shuffle(levels);
            if (levels.SequenceEqual(pattern.Levels))
                continue;
            var other = pattern.WithLevels(levels);
            for (var delay = minDelay; delay <= maxDelay; delay += Math.Max(period / 2, (maxDelay - minDelay) / 20))
                highest = Math.Max(highest, 1 - model.Solve(other, delay, best.Averaging, best.Shape).Left / model.TotalSquares);
        }

        return highest;
    }

    // Neighbouring residuals that resemble each other count for fewer (first-order autoregression).
    private static double Widening(LagModel model, LoadPattern pattern, Point best)
    {
        var correlation = Math.Clamp(model.ResidualCorrelation(pattern, best.Delay, best.Averaging, best.Shape), 0, 0.95);
        return (1 + correlation) / (1 - correlation);
    }

    private static (double Delay, double StandardS) DelayInterval(LagModel model, LoadPattern pattern, Point best, double left, double widen, double period)
    {
        var floor = Math.Max(left, 1e-12 * model.TotalSquares);
        var limit = floor * (1 + ChiSquared95 * widen / Math.Max(1, model.Count - 4));
        var flat = floor * (1 + 1e-6);
        double Reach(double bound, int sign)
        {
            double inside = 0, outside = period / 1000;
            while (At(model, pattern, best.Delay + sign * outside, best.Averaging, best.Shape).Left <= bound && outside < 20 * period)
                (inside, outside) = (outside, outside * 2);
            for (var i = 0; i < 30; i++)
            {
                var middle = (inside + outside) / 2;
                if (At(model, pattern, best.Delay + sign * middle, best.Averaging, best.Shape).Left <= bound)
                    inside = middle;
                else
                    outside = middle;
            }

            return (inside + outside) / 2;
        }

        var likelihood = (Reach(limit, 1) + Reach(limit, -1)) / 2;
        // A flat bottom (few samples, steep edges) is a rectangle: anything inside is as good.
        var (later, earlier) = (Reach(flat, 1), Reach(flat, -1));
        return (best.Delay + (later - earlier) / 2, Math.Max(likelihood / 1.96, (later + earlier) / 2 / Math.Sqrt(3)));
    }

    private static Point At(LagModel model, LoadPattern pattern, double delay, double averaging, ResponseShape shape) =>
        new(delay, averaging, shape, model.Solve(pattern, delay, averaging, shape).Left);

    private static Point Better(Point a, Point b) => b.Left < a.Left ? b : a;

    private readonly record struct Point(double Delay, double Averaging, ResponseShape Shape, double Left);
}
