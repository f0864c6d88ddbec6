namespace MeterLab.Measurement.Lag;

/// <summary>
/// What a trace says of a delay when the response is given: the likelihood over the delay (baseline, drift, step and noise eliminated)
/// integrated on a grid, because its shape is no parabola: a meter that sees only part of the time has flat bottoms and kinks.
/// </summary>
/// <param name="model">The trace.</param>
/// <param name="correlation">By how much neighbouring residuals that resemble each other widen it; at least 1.</param>
internal sealed class LagPosterior(LagModel model, double correlation)
{
    private const int Points = 41;

    // So far down the logarithm of the likelihood nothing is left to integrate: four and a half standard deviations.
    private const double Deep = 10;
    private const double Deviations = 4.5;

    private double _scale;

    /// <summary>One response's share: mean and variance of the delay (s), and how well it explains the trace (log of its evidence).</summary>
    public readonly record struct Slice(LagPoint At, double Variance, double LogEvidence);

    /// <summary>Integrates over the delay, from a guess on that is good to <paramref name="reach"/> (s).</summary>
    public Slice Over(in LagPoint guess, double reach)
    {
        var best = Minimise(guess, reach, reach * 1e-4);
        var top = LogLikelihood(best);
        if (_scale <= 0)
            _scale = reach / 100;
        var later = Reach(best, top, 1);
        var earlier = Reach(best, top, -1);
        var step = (later + earlier) / (Points - 1);
        double sum = 0, first = 0, second = 0;
        for (var i = 0; i < Points; i++)
        {
            var shift = -earlier + i * step;
            var weight = Math.Exp(LogLikelihood(best with { Delay = best.Delay + shift }) - top);
            sum += weight;
            first += weight * shift;
            second += weight * shift * shift;
        }

        var mean = first / sum;
        var variance = Math.Max(second / sum - mean * mean, step * step / 12);
        return new Slice(best with { Delay = best.Delay + mean }, variance, top + Math.Log(sum * step));
    }

    /// <summary>The delay that leaves least, within <paramref name="reach"/> of a guess (golden section).</summary>
    public LagPoint Minimise(in LagPoint guess, double reach, double tolerance)
    {
        const double Golden = 0.6180339887498949;
        double low = guess.Delay - reach, high = guess.Delay + reach;
        var (left, right) = (high - Golden * (high - low), low + Golden * (high - low));
        var (atLeft, atRight) = (model.Left(guess with { Delay = left }), model.Left(guess with { Delay = right }));
        while (high - low > tolerance)
        {
            if (atLeft <= atRight)
            {
                (high, right, atRight) = (right, left, atLeft);
                left = high - Golden * (high - low);
                atLeft = model.Left(guess with { Delay = left });
            }
            else
            {
                (low, left, atLeft) = (left, right, atRight);
                right = low + Golden * (high - low);
                atRight = model.Left(guess with { Delay = right });
            }
        }

        return guess with { Delay = atLeft <= atRight ? left : right };
    }

    /// <summary>Of the noise, whatever its size (a Student likelihood).</summary>
    public double LogLikelihood(in LagPoint at) => -0.5 * model.Freedom / correlation * Math.Log(model.Left(at));

    // How far to one side the likelihood is worth integrating.
    private double Reach(LagPoint best, double top, int sign)
    {
        double Drop(double distance) => top - LogLikelihood(best with { Delay = best.Delay + sign * distance });
        var distance = _scale;
        for (var i = 0; i < 40; i++)
        {
            var drop = Drop(distance);
            if (drop is >= 0.5 and <= 4)
            {
                _scale = distance;
                distance *= Deviations / Math.Sqrt(2 * drop);
                break;
            }

            distance *= drop < 0.5 ? 1.6 : 0.5;
        }

        for (var i = 0; i < 8 && Drop(distance) < Deep / 2; i++)
            distance *= 1.5;
        return distance;
    }
}
