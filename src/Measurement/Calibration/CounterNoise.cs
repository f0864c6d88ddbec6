namespace MeterLab.Measurement.Calibration;

/// <summary>
/// How far a meter's reading of a run may lie from the true energy: the triangle that two readings of a counter leave (± one count),
/// folded with Student's t of four degrees of freedom, whose tails an outlier can live in. With four degrees of freedom the fold has a
/// closed form: the second difference, over one count, of the function whose second derivative is the density of t. A count of 0 leaves t alone.
/// </summary>
internal static class CounterNoise
{
    // Below this count, in scales, the triangle only widens t a little; the second difference would lose its digits.
    private const double SmallestCount = 0.02;

    private const int TableSize = 121;
    private const double TableFrom = SmallestCount;
    private const double TableTo = 2e4;

    // Variance of a difference of two readings, in counts².
    private const double TriangleVariance = 1.0 / 6;

    private static readonly double TableStep = Math.Log(TableTo / TableFrom) / (TableSize - 1);
    private static readonly double[] LogInformation =
        [.. Enumerable.Range(0, TableSize).Select(i => Math.Log(Integrate(TableFrom * Math.Exp(i * TableStep))))];

    /// <summary>Fisher information of t with four degrees of freedom about its place, per squared scale: (nu + 1) / (nu + 3).</summary>
    public const double StudentInformation = 5.0 / 7;

    /// <summary>Logarithm of the density at a residual (J), for a scale (J, above 0) and a count (J, 0 or more).</summary>
    public static double LogDensity(double residual, double scale, double count)
    {
        if (count < SmallestCount * scale)
        {
            var wide = Widened(scale, count);
            return Math.Log(0.375 / wide) - 2.5 * Math.Log(1 + residual * residual / (4 * wide * wide));
        }

        var (z, h) = (-Math.Abs(residual) / scale, count / scale);
        return Math.Log(Math.Max(Fold(z, h), double.Epsilon) * scale / (count * count));
    }

    /// <summary>Minus the derivative of <see cref="LogDensity"/> by the residual, 1/J: the pull of a row on the fit.</summary>
    public static double Pull(double residual, double scale, double count)
    {
        if (count < SmallestCount * scale)
        {
            var wide = Widened(scale, count);
            return 5 * residual / (4 * wide * wide + residual * residual);
        }

        var (z, h) = (-Math.Abs(residual) / scale, count / scale);
        var slope = Distribution(z + h) - 2 * Distribution(z) + Distribution(z - h);
        var pull = slope / (Math.Max(Fold(z, h), double.Epsilon) * scale);
        return residual < 0 ? -pull : pull;
    }

    /// <summary>What a row tells on average about its place, 1/J²: the expected square of <see cref="Pull"/>.</summary>
    public static double Information(double scale, double count)
    {
        if (count < SmallestCount * scale)
        {
            var wide = Widened(scale, count);
            return StudentInformation / (wide * wide);
        }

        var place = Math.Log(count / scale / TableFrom) / TableStep;
        var i = Math.Min((int)place, TableSize - 2);
        return Math.Exp(LogInformation[i] + (place - i) * (LogInformation[i + 1] - LogInformation[i])) / (scale * scale);
    }

    private static double Widened(double scale, double count) => Math.Sqrt(scale * scale + count * count * TriangleVariance);

    private static double Fold(double z, double h) => Twice(z + h) - 2 * Twice(z) + Twice(z - h);

    // The integral of the distribution function: its second derivative is the density. Written so that its left tail keeps its digits.
    private static double Twice(double z)
    {
        var root = Math.Sqrt(4 + z * z);
        var sum = z >= 0 ? root + z : 4 / (root - z);
        return sum * sum / (4 * root);
    }

    private static double Distribution(double z)
    {
        var root = Math.Sqrt(4 + z * z);
        var u = Math.Abs(z) / root;
        var rest = 4 / (root * (root + Math.Abs(z)));
        var tail = rest * rest * (2 + u) / 4;
        return z < 0 ? tail : 1 - tail;
    }

    // The expected square of the pull for scale 1: over the left half, in steps that are fine where the triangle bends.
    private static double Integrate(double h)
    {
        const int Steps = 400;
        var outer = Simpson(v => Square(-h - Math.Sinh(v), h) * Math.Cosh(v), Math.Asinh(1e4), Steps);
        var inner = Simpson(v => Square(-h + Math.Sinh(v), h) * Math.Cosh(v), Math.Asinh(h / 2), Steps);
        var middle = Simpson(v => Square(-Math.Sinh(v), h) * Math.Cosh(v), Math.Asinh(h / 2), Steps);
        return 2 * (outer + inner + middle);
    }

    private static double Square(double z, double h)
    {
        var slope = Distribution(z + h) - 2 * Distribution(z) + Distribution(z - h);
        return slope * slope / (Math.Max(Fold(z, h), double.Epsilon) * h * h);
    }

    private static double Simpson(Func<double, double> function, double to, int steps)
    {
        var step = to / steps;
        var sum = function(0) + function(to);
        for (var i = 1; i < steps; i++)
            sum += (i % 2 == 1 ? 4 : 2) * function(i * step);
        return sum * step / 3;
    }
}
