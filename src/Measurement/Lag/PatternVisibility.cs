using MathNet.Numerics.Distributions;

namespace MeterLab.Measurement.Lag;

/// <summary>
/// Whether a trace shows a pattern, or only something that resembles it by chance. Two series that know nothing of each other, but each
/// of its own past (a drift, another program that comes and goes), correlate as if there were fewer values (Bartlett 1935):
/// n' = n / (1 + 2 sum r_x r_y).
/// </summary>
internal static class PatternVisibility
{
    // Enough for the autocorrelations of any pattern of 127 chips.
    private const int Most = 512;

    /// <summary>How probable so good a correlation would be in a trace without the pattern, over so many delays tried.</summary>
    public static double ChanceOf(ReadOnlySpan<double> response, ReadOnlySpan<double> watts, double delaysTried)
    {
        var (x, y) = (Thinned(response), Thinned(watts));
        var n = x.Length;
        double xx = LagModel.Dot(x, x), yy = LagModel.Dot(y, y);
        if (xx <= 0 || yy <= 0)
            return 1;
        var r = LagModel.Dot(x, y) / Math.Sqrt(xx * yy);
        if (r <= 0)
            return 1;
        double sum = 0;
        for (var lag = 1; lag < n / 2; lag++)
        {
            var rx = LagModel.Dot(x.AsSpan(lag), x.AsSpan(0, n - lag)) / xx;
            var ry = LagModel.Dot(y.AsSpan(lag), y.AsSpan(0, n - lag)) / yy;
            sum += rx * ry;
        }

        var effective = Math.Clamp(n / Math.Max(1, 1 + 2 * sum), 3, n);
        var freedom = Math.Max(1, effective - 2);
        var t = r * Math.Sqrt(freedom / Math.Max(1e-12, 1 - r * r));
        return Math.Min(1, delaysTried * StudentT.CDF(0, 1, freedom, -t));
    }

    private static double[] Thinned(ReadOnlySpan<double> values)
    {
        var block = (values.Length + Most - 1) / Most;
        var thin = new double[values.Length / block];
        for (var i = 0; i < thin.Length; i++)
        {
            double sum = 0;
            foreach (var value in values.Slice(i * block, block))
                sum += value;
            thin[i] = sum / block;
        }

        return thin;
    }
}
