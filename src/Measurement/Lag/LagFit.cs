using MeterLab.Measurement.Meters;

namespace MeterLab.Measurement.Lag;

/// <summary>
/// Finds a meter's lag from a load pattern that it saw: the trace is explained by the pattern through the meter's response, with
/// sub-sample resolution. Delay and uncertainty are mean and standard deviation of what the trace leaves possible, integrated over
/// everything that is not known: the response, the load's own rise, baseline, drift, step, noise, polls. Where a trace that knows
/// nothing of the pattern would resemble it as well, the pattern was not visible and no lag is stated.
/// </summary>
public static class LagFit
{
    private const int Fewest = 12;
    private const int MostCoarse = 2_000;
    private const int MostFine = 6_000;

    // Accepted by mistake in one of a thousand traces that do not show the pattern.
    private const double Chance = 1e-3;

    // Of the likelihood's own approximations (correlation taken as of first order, linear drift of the beat).
    private const double Margin = 1.03;

    /// <summary>
    /// Fits. The search for the delay runs from a fifth of the longest plausible delay before zero (a wrong clock shows as a negative lag) to it.
    /// </summary>
    /// <param name="readNs">When values came to be readable, ns on the lab's line, increasing: arrivals of updates. Polls that repeat values are reduced to updates.</param>
    /// <param name="watts">The values, W; any other quantity that follows the load (a utilisation, a sensor of its own) is aligned as well.</param>
    /// <param name="pattern">The load's edges on the lab's line.</param>
    /// <param name="response">The profile's response: period, and the averaging where known.</param>
    /// <param name="averagingKnown">Whether the profile's averaging is to be believed.</param>
    /// <param name="maxDelaySeconds">The longest plausible delay.</param>
    /// <param name="stampUncertaintyNs">Standard uncertainty of one of <paramref name="readNs"/>, ns: poll interval / sqrt(12); 0 for a stream.</param>
    /// <param name="longestRiseSeconds">
    /// The load may follow its edges as a first-order rise of up to this time constant, which belongs to the load and not to the meter; 0 where it follows at once.
    /// </param>
    public static LagFitResult Fit(
        ReadOnlySpan<long> readNs, ReadOnlySpan<double> watts, LoadPattern pattern, MeterResponse response, bool averagingKnown, double maxDelaySeconds,
        double stampUncertaintyNs = 0, double longestRiseSeconds = 0)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(response);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxDelaySeconds);
        ArgumentOutOfRangeException.ThrowIfNotEqual(watts.Length, readNs.Length);
        var margin = 2 * (long)((maxDelaySeconds + response.AveragingSeconds) * 1e9);
        var samples = LagSamples.Between(
            readNs, watts, pattern.StartNs - margin, pattern.EndNs + margin, pattern.StartNs, response.UpdatePeriodSeconds, stampUncertaintyNs * 1e-9);
        if (samples.Count < Fewest)
            return Refuse("the trace has fewer than a dozen values where the pattern was played");
        if (samples.Constant)
            return Refuse("the trace does not change where the pattern was played");
        var load = new PatternResponse(pattern, pattern.StartNs);
        var coarse = samples.Whole(MostCoarse, load);
        var guess = Search(coarse, pattern, response, maxDelaySeconds);
        if (WhyNot(coarse, guess, pattern, maxDelaySeconds, averagingKnown) is { } reason)
            return Refuse(reason);

        var before = 3 * Math.Max(response.UpdatePeriodSeconds, SearchStep(pattern, maxDelaySeconds) / 4) + longestRiseSeconds;
        var settle = 3 * response.AveragingSeconds + (averagingKnown ? 0 : 12 * response.UpdatePeriodSeconds) + 6 * longestRiseSeconds;
        var model = samples.Near(MostFine, load, EdgesAt(pattern, guess.Delay), before, before + settle);
        // Too few of them where values are much rarer than edges: then everything counts.
        if (model.Count < 2 * Fewest)
            model = coarse;
        return Integrate(model, samples.Beat, guess, averagingKnown, response.UpdatePeriodSeconds, longestRiseSeconds);
    }

    private static LagFitResult Refuse(string reason) => new() { Visible = false, Reason = reason };

    // Fine enough not to step over the correlation's peak, which is as wide as the shortest level.
    private static double SearchStep(LoadPattern pattern, double maxDelay) => Math.Max(pattern.ShortestLevelSeconds / 10, maxDelay / 4_000);

    private static LagPoint Search(LagModel model, LoadPattern pattern, MeterResponse response, double maxDelay)
    {
        var step = SearchStep(pattern, maxDelay);
        var at = new LagPoint(0, response.AveragingSeconds, response.Shape, 0);
        var (best, least) = (at, double.PositiveInfinity);
        for (var delay = -maxDelay / 5; delay <= maxDelay + step; delay += step)
        {
            var solution = model.Solve(at with { Delay = delay });
            if (solution.Step > 0 && solution.Left < least)
                (best, least) = (at with { Delay = delay }, solution.Left);
        }

        return new LagPosterior(model, 1).Minimise(best, step, step * 1e-3);
    }

    private static string? WhyNot(LagModel model, in LagPoint at, LoadPattern pattern, double maxDelay, bool averagingKnown)
    {
        var (response, _, _) = model.Linearised(at, 1e-3 * pattern.ShortestLevelSeconds);
        var solution = model.Solve(at);
        if (solution.Step <= 0)
            return "the trace never rises with the pattern: the load is not visible on this meter, or with its sign reversed";
        var tried = (1 + 1.2 * maxDelay / pattern.ShortestLevelSeconds) * (averagingKnown ? 1 : 2);
        var chance = PatternVisibility.ChanceOf(response, model.Values, tried);
        return chance <= Chance ? null : FormattableString.Invariant(
            $"the pattern explains {Explained(solution.Left, model) * 100:0} % of the trace's variance, as it would by chance in {chance * 100:0.0} % of traces like this one (0.1 % is allowed): the load is not visible on this meter");
    }

    private static double Explained(double left, LagModel model) => 1 - left / model.TotalSquares;

    private static double[] EdgesAt(LoadPattern pattern, double delay)
    {
        var edges = new double[pattern.Edges];
        for (var i = 0; i < edges.Length; i++)
            edges[i] = (pattern.EdgeNs[i] - pattern.StartNs) * 1e-9 + delay;
        return edges;
    }

    private static LagFitResult Integrate(LagModel model, UpdateBeat beat, LagPoint guess, bool averagingKnown, double period, double longestRise)
    {
        var noise = EdgeNoise.At(model, guess, period);
        var grid = new ResponseGrid(new LagPosterior(model, noise.Correlation), period);
        grid.Integrate(guess, averagingKnown, longestRise);
        var parts = grid.Parts;
        var ofWindow = parts.Where(part => part.Slice.At.Shape == ResponseShape.Average).Sum(part => part.Weight);
        var shape = ofWindow >= 0.5 ? ResponseShape.Average : ResponseShape.FirstOrder;
        var probability = Math.Max(ofWindow, 1 - ofWindow);
        double Mean(Func<LagPosterior.Slice, double> figure) => parts.Where(part => part.Slice.At.Shape == shape).Sum(part => part.Weight * figure(part.Slice)) / probability;
        var delay = Mean(slice => slice.At.Delay);
        var averaging = Mean(slice => slice.At.Averaging);
        var rise = Mean(slice => slice.At.Rise);
        // Where the other shape is possible too, its delay is: about the one that is stated.
        var spread = parts.Sum(part => part.Weight * (part.Slice.Variance + Math.Pow(part.Slice.At.Delay - delay, 2)));
        var best = parts.MaxBy(part => part.Slice.LogEvidence).Slice.At;
        noise = EdgeNoise.At(model, best, period);
        var solution = model.Solve(best);
        var step = solution.Left / model.Freedom * noise.Correlation;
        return new LagFitResult
        {
            Visible = true,
            DelaySeconds = delay,
            DelayUncertaintySeconds = Margin * Math.Sqrt(spread + noise.ExtraVariance(beat.RandomS) + beat.SystematicS * beat.SystematicS),
            AveragingSeconds = averaging,
            AveragingUncertaintySeconds = averagingKnown ? 0 : Math.Sqrt(Mean(slice => Math.Pow(slice.At.Averaging - averaging, 2))),
            Shape = shape,
            ShapeProbability = averagingKnown ? 1 : probability,
            LoadRiseSeconds = rise,
            StepW = solution.Step,
            StepUncertaintyW = Math.Sqrt(step / solution.ResponseSquares),
            BaselineW = model.Mean - solution.Step * solution.MeanResponse,
            BaselineUncertaintyW = Math.Sqrt(step / model.Count + step / solution.ResponseSquares * solution.MeanResponse * solution.MeanResponse),
            Explained = Explained(solution.Left, model),
        };
    }
}
