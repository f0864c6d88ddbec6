namespace MeterLab.Measurement.Statistics;

/// <summary>
/// Weighted least squares of y = a x u + b x v with two coefficients and no constant term. Each row is multiplied by the square root of its
/// weight and the system solved by QR (modified Gram-Schmidt on columns of unit length), which keeps the digits that the normal
/// equations lose where the two columns are nearly proportional.
/// </summary>
public sealed record LinearFit
{
    // Sine of the angle between the columns below which the two coefficients cannot be told apart in double precision.
    private const double CollinearSine = 1e-7;

    private LinearFit()
    {
    }

    /// <summary>The coefficient of u.</summary>
    public required double A { get; init; }

    /// <summary>The coefficient of v.</summary>
    public required double B { get; init; }

    /// <summary>Rows minus two.</summary>
    public required int DegreesOfFreedom { get; init; }

    /// <summary>Weighted residual variance, of one row of weight 1; null without degrees of freedom.</summary>
    public double? ResidualVariance { get; init; }

    /// <summary>Variance of a, from the scatter of the residuals; null without degrees of freedom.</summary>
    public double? VarianceA { get; init; }

    /// <summary>Variance of b.</summary>
    public double? VarianceB { get; init; }

    /// <summary>Covariance of a and b.</summary>
    public double? CovarianceAB { get; init; }

    /// <summary>Condition number of the columns after scaling each to unit length: 1 where they are independent, large where nearly proportional.</summary>
    public required double ConditionNumber { get; init; }

    /// <summary>The fitted y of a row.</summary>
    public double At(double u, double v) => A * u + B * v;

    /// <summary>
    /// Fits the rows; null where they do not determine two coefficients: fewer than two rows, or u and v proportional in all of them.
    /// Weights are positive; throws where the lengths differ or a number is not finite.
    /// </summary>
    public static LinearFit? TryFit(
        ReadOnlySpan<double> u, ReadOnlySpan<double> v, ReadOnlySpan<double> y, ReadOnlySpan<double> weights)
    {
        if (u.Length != y.Length || v.Length != y.Length || weights.Length != y.Length)
            throw new ArgumentException("Every row needs u, v, y and a weight.", nameof(weights));
        if (y.Length < 2)
            return null;

        var (p, q, r) = (Scale(u, weights), Scale(v, weights), Scale(y, weights));
        var (lengthP, lengthQ) = (Length(p), Length(q));
        if (lengthP == 0 || lengthQ == 0)
            return null;
        Divide(p, lengthP);
        Divide(q, lengthQ);

        // q = cosine x p + sine x n, with n orthogonal to p.
        var cosine = Dot(p, q);
        Subtract(q, cosine, p);
        var correction = Dot(p, q);
        Subtract(q, correction, p);
        cosine += correction;
        var sine = Length(q);
        if (sine < CollinearSine)
            return null;
        Divide(q, sine);

        var b = Dot(q, r) / sine;
        var a = Dot(p, r) - cosine * b;
        return Describe(a, b, lengthP, lengthQ, cosine, sine, Residual(u, v, y, weights, a / lengthP, b / lengthQ), y.Length - 2);
    }

    private static LinearFit Describe(
        double a, double b, double lengthP, double lengthQ, double cosine, double sine, double squares, int freedom)
    {
        // Inverse of [[1, c], [c, 1]] is 1/s² x [[1, -c], [-c, 1]]; undo the scaling of the columns.
        double? variance = freedom > 0 ? squares / freedom : null;
        var inverse = 1 / (sine * sine);
        return new LinearFit
        {
            A = a / lengthP,
            B = b / lengthQ,
            DegreesOfFreedom = freedom,
            ResidualVariance = variance,
            VarianceA = variance * inverse / (lengthP * lengthP),
            VarianceB = variance * inverse / (lengthQ * lengthQ),
            CovarianceAB = -variance * inverse * cosine / (lengthP * lengthQ),
            ConditionNumber = Math.Sqrt((1 + Math.Abs(cosine)) / (sine * sine / (1 + Math.Abs(cosine)))),
        };
    }

    private static double Residual(
        ReadOnlySpan<double> u, ReadOnlySpan<double> v, ReadOnlySpan<double> y, ReadOnlySpan<double> weights, double a, double b)
    {
        var squares = 0.0;
        for (var i = 0; i < y.Length; i++)
        {
            var residual = y[i] - a * u[i] - b * v[i];
            squares += weights[i] * residual * residual;
        }

        return squares;
    }

    private static double[] Scale(ReadOnlySpan<double> values, ReadOnlySpan<double> weights)
    {
        var scaled = new double[values.Length];
        for (var i = 0; i < scaled.Length; i++)
        {
            if (!double.IsFinite(values[i]) || !double.IsFinite(weights[i]) || weights[i] <= 0)
                throw new ArgumentException("Values must be finite and weights above 0.", nameof(values));
            scaled[i] = values[i] * Math.Sqrt(weights[i]);
        }

        return scaled;
    }

    private static double Dot(double[] x, double[] y)
    {
        var sum = 0.0;
        for (var i = 0; i < x.Length; i++)
            sum += x[i] * y[i];
        return sum;
    }

    private static double Length(double[] x) => Math.Sqrt(Dot(x, x));

    private static void Divide(double[] x, double by)
    {
        for (var i = 0; i < x.Length; i++)
            x[i] /= by;
    }

    private static void Subtract(double[] x, double factor, double[] y)
    {
        for (var i = 0; i < x.Length; i++)
            x[i] -= factor * y[i];
    }
}
