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
    private const int Nodes = 11;
    private const double Shortest = 0.03;
    private const double LongestWindow = 2.5;
    private const double LongestFilter = 4;

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
        if (longestRise <= 0)
        {
            AtRise(guess, averagingKnown, 0);
            return;
        }

        var shapes = averagingKnown ? [guess] : (LagPoint[])[guess with { Shape = ResponseShape.Average }, guess with { Shape = ResponseShape.FirstOrder }];
        double Height(double rise) => shapes.Max(shape => HeightAt(shape with { Rise = rise }, averagingKnown)) + Math.Log(Density(rise / longestRise));
        var nodes = Enumerable.Range(0, Nodes).Select(i => longestRise * i / Nodes);
        var best = nodes.MaxBy(Height);
        best = Highest(Height, Math.Max(0, best - longestRise / Nodes), best + longestRise / Nodes);
        var top = Height(best);
        var (low, high) = (best - Width(d => top - Height(best - d), best), best + Width(d => top - Height(best + d), longestRise - best));
        var step = (high - low) / Nodes;
        // Midpoints: at the longest rise itself the density is nothing.
        for (var i = 0; i < Nodes; i++)
        {
            var rise = low + (i + 0.5) * step;
            AtRise(guess with { Rise = rise }, averagingKnown, Math.Log(Density(rise / longestRise) * step / longestRise));
        }
    }

    // Most machines are at their power within a quarter of the longest rise, few need all of it.
    private static double Density(double share) => 3 * (1 - share) * (1 - share);

    private void AtRise(LagPoint guess, bool averagingKnown, double logPrior)
    {
        // A load that rises makes the trace later by its time constant.
        var from = guess with { Delay = guess.Delay - guess.Rise };
        if (averagingKnown)
        {
            _parts.Add((posterior.Over(from, Math.Max(periodS, guess.Rise)), logPrior));
            return;
        }

        Responses(from, ResponseShape.Average, LongestWindow, logPrior);
        Responses(from, ResponseShape.FirstOrder, LongestFilter, logPrior);
    }

    private double HeightAt(LagPoint guess, bool averagingKnown)
    {
        var from = guess with { Delay = guess.Delay - guess.Rise };
        var reach = Math.Max(periodS, guess.Rise);
        if (averagingKnown)
            return posterior.LogLikelihood(posterior.Minimise(from, reach, reach * 1e-3));
        var longest = (guess.Shape == ResponseShape.Average ? LongestWindow : LongestFilter) * periodS;
        double Height(double averaging) => posterior.LogLikelihood(Best(from, averaging));
        return Height(Highest(Height, Shortest * periodS, longest));
    }

    private LagPoint Best(LagPoint guess, double averaging)
    {
        var at = guess with { Averaging = averaging };
        return posterior.Minimise(at with { Delay = guess.Delay + Age(guess) - Age(at) }, periodS, periodS * 1e-3);
    }

    private void Responses(LagPoint guess, ResponseShape shape, double longest, double logPrior)
    {
        guess = guess with { Delay = guess.Delay + Age(guess) - Age(guess with { Shape = shape }), Shape = shape };
        double Height(double averaging) => posterior.LogLikelihood(Best(guess, averaging));
        var ratio = Math.Pow(longest / Shortest, 1.0 / (Coarse - 1));
        var best = Enumerable.Range(0, Coarse).Select(i => Shortest * periodS * Math.Pow(ratio, i)).MaxBy(Height);
        best = Highest(Height, best / ratio, best * ratio);
        var top = Height(best);
        var (low, high) = (best - Width(d => top - Height(best - d), best - 0.5 * Shortest * periodS), best + Width(d => top - Height(best + d), 2 * best));
        var step = (high - low) / (Fine - 1);
        for (var i = 0; i < Fine; i++)
        {
            // A uniform prior over all lengths: the same for both shapes.
            var at = Best(guess, low + i * step);
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
