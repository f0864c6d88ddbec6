namespace MeterLab.Measurement.Lag;

/// <summary>
/// baseline and drift (a cubic) + step x response, least squares with the linear parts eliminated (variable projection): for a delay
/// and a response the rest follows.
/// </summary>
internal sealed class LagModel
{
    private const int Degree = 3;

    /// <summary>What is fitted besides the delay: the drift's coefficients and the step.</summary>
    public const int LinearParts = Degree + 2;

    private readonly double[] _readS;
    private readonly double[] _watts;
    private readonly double[][] _drift;
    private readonly double[] _response;
    private readonly double _blockS;
    private readonly PatternResponse _pattern;

    /// <param name="readS">When values came to be readable, s, increasing.</param>
    /// <param name="watts">The values, W.</param>
    /// <param name="blockS">A value is the mean of all within this time before it, s; 0 where it is one of the meter's own.</param>
    /// <param name="pattern">The load.</param>
    public LagModel(double[] readS, double[] watts, double blockS, PatternResponse pattern)
    {
        _readS = readS;
        _blockS = blockS;
        _pattern = pattern;
        _drift = Polynomials(readS);
        _watts = [.. watts];
        Mean = watts.Average();
        _response = new double[readS.Length];
        foreach (var column in _drift)
            Subtract(_watts, column, Dot(column, _watts));
        TotalSquares = Dot(_watts, _watts);
    }

    public int Count => _watts.Length;

    /// <summary>Values beyond what is fitted.</summary>
    public double Freedom => Math.Max(1, Count - LinearParts - 1);

    /// <summary>The values' mean, W.</summary>
    public double Mean { get; }

    /// <summary>Squares about the drift, W^2.</summary>
    public double TotalSquares { get; }

    public ReadOnlySpan<double> ReadS => _readS;

    /// <summary>Squares left by the best baseline, drift and step, W^2.</summary>
    public double Left(in LagPoint at) => Solve(at).Left;

    /// <summary>The best step, and what is left.</summary>
    public Solution Solve(in LagPoint at)
    {
        Respond(at, _response);
        double xx = 0, xy = 0, c0 = 0, c1 = 0, c2 = 0, c3 = 0;
        var (q0, q1, q2, q3) = (_drift[0], _drift[1], _drift[2], _drift[3]);
        for (var i = 0; i < _response.Length; i++)
        {
            var x = _response[i];
            xx += x * x;
            xy += x * _watts[i];
            c0 += x * q0[i];
            c1 += x * q1[i];
            c2 += x * q2[i];
            c3 += x * q3[i];
        }

        var own = xx - c0 * c0 - c1 * c1 - c2 * c2 - c3 * c3;
        if (own <= 1e-9 * Count)
            return new Solution(0, TotalSquares, 0, 0);
        // Not below the rounding of the sums themselves.
        var left = Math.Max(TotalSquares - xy * xy / own, 1e-13 * TotalSquares);
        return new Solution(xy / own, left, own, c0 / Math.Sqrt(Count));
    }

    /// <summary>The response and its step by a lag of one second more, both free of baseline and drift, and what is left of each value, W.</summary>
    public (double[] Response, double[] Slope, double[] Residual) Linearised(in LagPoint at, double apart)
    {
        var (response, later, earlier) = (new double[Count], new double[Count], new double[Count]);
        Respond(at, response);
        Respond(at with { Delay = at.Delay + apart }, later);
        Respond(at with { Delay = at.Delay - apart }, earlier);
        for (var i = 0; i < Count; i++)
            later[i] = (later[i] - earlier[i]) / (2 * apart);
        foreach (var column in _drift)
        {
            Subtract(response, column, Dot(column, response));
            Subtract(later, column, Dot(column, later));
        }

        var squares = Dot(response, response);
        var residual = _watts.ToArray();
        if (squares > 0)
        {
            Subtract(residual, response, Dot(response, _watts) / squares);
            Subtract(later, response, Dot(response, later) / squares);
        }

        return (response, later, residual);
    }

    /// <summary>The values without baseline and drift, W.</summary>
    public ReadOnlySpan<double> Values => _watts;

    internal static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private static void Subtract(Span<double> from, ReadOnlySpan<double> column, double factor)
    {
        for (var i = 0; i < from.Length; i++)
            from[i] -= factor * column[i];
    }

    // A block's mean is what a window longer by the block shows; a filter's output is taken at the block's middle.
    private void Respond(in LagPoint at, Span<double> output)
    {
        var block = _blockS <= 0 ? at
            : at.Shape == Meters.ResponseShape.Average ? at with { Averaging = at.Averaging + _blockS }
            : at with { Delay = at.Delay + _blockS / 2 };
        _pattern.Fill(_readS, block, output);
    }

    // Powers of time made orthonormal (Gram and Schmidt, twice for the sake of rounding).
    private static double[][] Polynomials(double[] readS)
    {
        var (first, last) = (readS[0], readS[^1]);
        var columns = new double[Degree + 1][];
        for (var power = 0; power <= Degree; power++)
        {
            var column = new double[readS.Length];
            for (var i = 0; i < column.Length; i++)
                column[i] = Math.Pow((2 * readS[i] - first - last) / (last - first), power);
            for (var pass = 0; pass < 2; pass++)
            {
                for (var other = 0; other < power; other++)
                    Subtract(column, columns[other], Dot(columns[other], column));
            }

            var length = Math.Sqrt(Dot(column, column));
            for (var i = 0; i < column.Length; i++)
                column[i] = length > 0 ? column[i] / length : 0;
            columns[power] = column;
        }

        return columns;
    }

    /// <summary>Step (W), squares left (W^2), squares of the response without drift, and the response's mean.</summary>
    public readonly record struct Solution(double Step, double Left, double ResponseSquares, double MeanResponse);
}
