using MeterLab.Measurement.Meters;

namespace MeterLab.Measurement.Lag;

/// <summary>
/// All responses that a meter may have (window or filter, and of what length) and all rises that the load may have, each with its share of
/// the probability: what is not known is integrated over, not chosen.
/// </summary>
/// <param name="posterior">What the trace says of the delay for one of them.</param>
/// <param name="periodS">The update period, s.</param>
internal sealed class ResponseGrid(LagPosterior posterior, double periodS)
{
    private const int Coarse = 12;
    private const int Fine = 13;
    private const double Shortest = 0.03;
    private const double LongestWindow = 2.5;
    private const double LongestFilter = 4;

    // Shares of the longest rise. Most machines are at their power within a quarter of it, few need all: density 3 (1 - x)^2.
    private static readonly double[] Rises = [0, 0.05, 0.125, 0.25, 0.4, 0.6, 0.85];

    private readonly List<(LagPosterior.Slice Slice, double LogPrior)> _parts = [];

    /// <summary>Each response with its weight; the weights' sum is 1.</summary>
    public IReadOnlyList<(LagPosterior.Slice Slice, double Weight)> Parts
    {
        get
        {
            var top = _parts.Max(part => part.Slice.LogEvidence + part.LogPrior);
            var weights = _parts.ConvertAll(part => Math.Exp(part.Slice.LogEvidence + part.LogPrior - top));
            var sum = weights.Sum();
            return [.. _parts.Select((part, i) => (part.Slice, weights[i] / sum))];
        }
    }

    /// <summary>Integrates over every rise up to a longest one (s); around a guess of the delay and, where the averaging is known, for it alone.</summary>
    public void Integrate(LagPoint guess, bool averagingKnown, double longestRise)
    {
        for (var i = 0; i < (longestRise > 0 ? Rises.Length : 1); i++)
        {
            var rise = Rises[i] * longestRise;
            var logPrior = longestRise > 0 ? Math.Log(3 * Math.Pow(1 - Rises[i], 2) * Cell(i)) : 0;
            // A load that rises makes the trace later by its time constant.
            var from = guess with { Rise = rise, Delay = guess.Delay - rise };
            if (averagingKnown)
            {
                _parts.Add((posterior.Over(from, Math.Max(periodS, longestRise)), logPrior));
                continue;
            }

            Responses(from, ResponseShape.Average, LongestWindow, logPrior);
            Responses(from, ResponseShape.FirstOrder, LongestFilter, logPrior);
        }
    }

    private static double Cell(int i)
    {
        var from = i == 0 ? 0 : (Rises[i - 1] + Rises[i]) / 2;
        var to = i == Rises.Length - 1 ? 1 : (Rises[i] + Rises[i + 1]) / 2;
        return to - from;
    }

    private void Responses(LagPoint guess, ResponseShape shape, double longest, double logPrior)
    {
        var age = guess.Delay + Age(guess);
        LagPoint Best(double averaging)
        {
            var at = guess with { Averaging = averaging, Shape = shape };
            return posterior.Minimise(at with { Delay = age - Age(at) }, periodS, periodS * 1e-3);
        }

        double Height(double averaging) => posterior.LogLikelihood(Best(averaging));
        var ratio = Math.Pow(longest / Shortest, 1.0 / (Coarse - 1));
        var best = Enumerable.Range(0, Coarse).Select(i => Shortest * periodS * Math.Pow(ratio, i)).MaxBy(Height);
        best = Highest(Height, best / ratio, best * ratio);
        var top = Height(best);
        var (low, high) = (best - Width(d => top - Height(best - d), best - 0.5 * Shortest * periodS), best + Width(d => top - Height(best + d), 2 * best));
        var step = (high - low) / (Fine - 1);
        for (var i = 0; i < Fine; i++)
        {
            // A uniform prior over all lengths: the same for both shapes.
            var at = Best(low + i * step);
            _parts.Add((posterior.Over(at, periodS / 4), logPrior + Math.Log(Math.Max(step, 1e-12) / (longest * periodS))));
        }
    }

    private static double Age(in LagPoint at) => at.Shape == ResponseShape.Average ? at.Averaging / 2 : at.Averaging;

    private static double Highest(Func<double, double> height, double low, double high)
    {
        const double Golden = 0.6180339887498949;
        for (var i = 0; i < 14; i++)
        {
            var (left, right) = (high - Golden * (high - low), low + Golden * (high - low));
            if (height(left) >= height(right))
                high = right;
            else
                low = left;
        }

        return (low + high) / 2;
    }

    // How far until the likelihood is down by four standard deviations, or the farthest there is.
    private static double Width(Func<double, double> drop, double farthest)
    {
        const double Deep = 8;
        var (inside, outside) = (0.0, farthest);
        if (drop(farthest) <= Deep)
            return farthest;
        for (var i = 0; i < 8; i++)
        {
            var middle = inside > 0 ? (inside + outside) / 2 : outside / 4;
            if (drop(middle) <= Deep)
                inside = middle;
            else
                outside = middle;
        }

        return outside;
    }
}
