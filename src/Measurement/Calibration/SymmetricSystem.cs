using MathNet.Numerics.LinearAlgebra;

namespace MeterLab.Measurement.Calibration;

/// <summary>A small symmetric system: the information that rows carry about a few coefficients.</summary>
internal static class SymmetricSystem
{
    // Reciprocal of the squared condition number beyond which double precision cannot tell the columns apart.
    private const double Singular = 1e-11;

    /// <summary>The inverse; null where some combination of the coefficients is not determined.</summary>
    public static double[,]? TryInvert(double[,] matrix)
    {
        var scales = Scales(matrix);
        if (scales is null || Smallest(Correlation(matrix, scales)) < Singular)
            return null;
        var inverse = Correlation(matrix, scales).Inverse();
        var n = scales.Length;
        var result = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
                result[i, j] = (inverse[i, j] + inverse[j, i]) / 2 / (scales[i] * scales[j]);
        }

        return result;
    }

    /// <summary>
    /// Condition number of the columns after scaling each to unit length: 1 where they are independent, infinite where one is a sum of others.
    /// </summary>
    public static double ConditionNumber(double[,] matrix)
    {
        if (Scales(matrix) is not { } scales)
            return double.PositiveInfinity;
        var values = Correlation(matrix, scales).Evd(Symmetricity.Symmetric).EigenValues;
        var (low, high) = (values.Min(value => value.Real), values.Max(value => value.Real));
        return low <= 0 ? double.PositiveInfinity : Math.Sqrt(high / low);
    }

    /// <summary>Matrix times vector.</summary>
    public static double[] Multiply(double[,] matrix, double[] vector)
    {
        var result = new double[vector.Length];
        for (var i = 0; i < vector.Length; i++)
        {
            for (var j = 0; j < vector.Length; j++)
                result[i] += matrix[i, j] * vector[j];
        }

        return result;
    }

    /// <summary>vector' x matrix x vector.</summary>
    public static double Quadratic(double[,] matrix, ReadOnlySpan<double> vector)
    {
        var sum = 0.0;
        for (var i = 0; i < vector.Length; i++)
        {
            for (var j = 0; j < vector.Length; j++)
                sum += vector[i] * matrix[i, j] * vector[j];
        }

        return sum;
    }

    private static double[]? Scales(double[,] matrix)
    {
        var scales = new double[matrix.GetLength(0)];
        for (var i = 0; i < scales.Length; i++)
        {
            if (!(matrix[i, i] > 0) || !double.IsFinite(matrix[i, i]))
                return null;
            scales[i] = Math.Sqrt(matrix[i, i]);
        }

        return scales;
    }

    private static Matrix<double> Correlation(double[,] matrix, double[] scales) =>
        Matrix<double>.Build.Dense(scales.Length, scales.Length, (i, j) => i == j ? 1 : matrix[i, j] / (scales[i] * scales[j]));

    private static double Smallest(Matrix<double> correlation) => correlation.RowCount switch
    {
        1 => 1,
        2 => 1 - Math.Abs(correlation[0, 1]),
        _ => correlation.Evd(Symmetricity.Symmetric).EigenValues.Min(value => value.Real),
    };
}
