namespace MeterLab.Measurement.Lag;

/// <summary>
/// What the residuals say beyond their size: only values at edges speak of the delay, so it counts whether neighbours there resemble each
/// other, and whether residuals are larger there than elsewhere (the meter's moments jitter, or the load's do).
/// </summary>
internal sealed class EdgeNoise
{
    private const int MaxLags = 20;

    // Below this the excess at edges is what chance brings.
    private const double Significant = 3;

    private readonly double _squares;
    private readonly double _fourths;
    private readonly double _excess;

    private EdgeNoise(double correlation, double squares, double fourths, double excess)
    {
        Correlation = correlation;
        _squares = squares;
        _fourths = fourths;
        _excess = excess;
    }

    /// <summary>By how much correlated noise widens the delay's variance; at least 1.</summary>
    public double Correlation { get; }

    public static EdgeNoise At(LagModel model, in LagPoint at, double periodS)
    {
        var (_, slope, residual) = model.Linearised(at, periodS * 1e-2);
        var step = model.Solve(at).Step;
        double squares = 0, fourths = 0, weighted = 0, left = LagModel.Dot(residual, residual), products = 0;
        var variance = left / model.Freedom;
        for (var i = 0; i < residual.Length; i++)
        {
            var g = slope[i] * step;
            squares += g * g;
            fourths += g * g * g * g;
            weighted += g * g * (residual[i] * residual[i] - variance);
            products += i > 0 ? residual[i] * residual[i - 1] : 0;
        }

        var expected = variance * Math.Sqrt(2 * fourths);
        var excess = weighted > Significant * expected ? weighted : 0;
        return new EdgeNoise(Widening(slope, left > 0 ? products / left : 0, residual.Length), squares, fourths, excess);
    }

    /// <summary>Variance of the delay (s^2) from moments that are known to so much (s, standard) each, or jitter by what the residuals show.</summary>
    public double ExtraVariance(double randomS)
    {
        if (_squares <= 0)
            return 0;
        return Math.Max(randomS * randomS * _fourths, _excess) / (_squares * _squares);
    }

    // First-order correlated noise in a least-squares estimate of the delay: sum over pairs of slopes.
    private static double Widening(double[] slope, double correlation, int count)
    {
        if (correlation < 2 / Math.Sqrt(count))
            return 1;
        var squares = LagModel.Dot(slope, slope);
        double sum = 1, power = 1;
        for (var lag = 1; lag <= Math.Min(MaxLags, count - 1) && squares > 0; lag++)
        {
            power *= correlation;
            sum += 2 * power * LagModel.Dot(slope.AsSpan(lag), slope.AsSpan(0, count - lag)) / squares;
        }

        return Math.Max(1, sum);
    }
}
