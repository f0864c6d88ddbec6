using MathNet.Numerics.Distributions;

namespace MeterLab.Measurement.Calibration;

/// <summary>
/// How well coefficients are known. Rows of one cluster may err together; how strongly is estimated from all rows, and gives the variance that
/// the law would have if that were all (an exchangeable correlation, Liang and Zeger 1986), corrected for the density that the residuals really
/// have. The jackknife over clusters needs no such assumption, but rests on few clusters of unlike weight. For each coefficient the larger
/// of the two counts; its degrees of freedom are Satterthwaite's.
/// </summary>
internal static class CoefficientSpread
{
    // Fewer clusters say too little about how clusters differ.
    private const int FewestClusters = 3;

    /// <summary>The covariance, and the factor that expands it to 95 %.</summary>
    public static (double[,] Covariance, double K) Of(CalibrationRows rows, CalibrationSolver solver, double[][]? leftOut)
    {
        var freedom = rows.Rows - rows.Terms;
        var k = Factor(freedom);
        var density = solver.DensityFactor();
        if (leftOut is null || rows.Clusters < FewestClusters || freedom < 1)
            return (Scaled(solver.Inverse, density), k);
        var shares = solver.ByCluster();
        var together = ClusterShare.Correlation(shares);
        var covariance = Scaled(Exchangeable(solver, shares, together), density);
        var factors = new double[rows.Terms];
        for (var j = 0; j < rows.Terms; j++)
        {
            // What the jackknife adds to the law's own variance rests on the clusters alone.
            var more = Math.Max(1, Jackknife(solver.Coefficients[j], leftOut, j) / covariance[j, j]);
            var own = 1 / (1 / more / Freedom(solver, shares, j, together, freedom) + (1 - 1 / more) / (rows.Clusters - 1));
            factors[j] = Factor(own) / k * Math.Sqrt(more);
        }

        for (var i = 0; i < rows.Terms; i++)
        {
            for (var j = 0; j < rows.Terms; j++)
                covariance[i, j] *= factors[i] * factors[j];
        }

        return (covariance, k);
    }

    // Inverse x ((1 - r) x information + r x sum of the clusters' common pulls) x inverse; the prior errs with nobody.
    private static double[,] Exchangeable(CalibrationSolver solver, ClusterShare[] shares, double together)
    {
        var terms = solver.Coefficients.Length;
        var directions = Enumerable.Range(0, terms).Select(term => Direction(solver, term)).ToArray();
        var covariance = new double[terms, terms];
        for (var i = 0; i < terms; i++)
        {
            for (var j = 0; j < terms; j++)
            {
                covariance[i, j] = (1 - together) * solver.Inverse[i, j]
                    + together * shares.Sum(share => Along(share.Together, directions[i]) * Along(share.Together, directions[j]));
            }
        }

        return covariance;
    }

    private static double Jackknife(double whole, double[][] leftOut, int term) =>
        (leftOut.Length - 1.0) / leftOut.Length * leftOut.Sum(coefficients => (coefficients[term] - whole) * (coefficients[term] - whole));

    // Satterthwaite's degrees of freedom of a variance of which a part comes from independent rows and the rest from clusters that err together;
    // the latter has (sum a)² / sum a² for the clusters' shares a.
    private static double Freedom(CalibrationSolver solver, ClusterShare[] shares, int term, double together, int rows)
    {
        var direction = Direction(solver, term);
        var common = shares.Select(share => together * Math.Pow(Along(share.Together, direction), 2)).ToArray();
        var (all, alone) = (common.Sum(), (1 - together) * solver.Inverse[term, term]);
        if (all <= 0)
            return rows;
        var clusters = Math.Clamp(all * all / common.Sum(value => value * value), 1, shares.Length - 1);
        return (all + alone) / (all / clusters + alone / rows);
    }

    private static double[] Direction(CalibrationSolver solver, int term) =>
        [.. Enumerable.Range(0, solver.Coefficients.Length).Select(j => solver.Inverse[term, j])];

    private static double Along(double[] pull, double[] direction)
    {
        var sum = 0.0;
        for (var j = 0; j < pull.Length; j++)
            sum += pull[j] * direction[j];
        return sum;
    }

    private static double[,] Scaled(double[,] matrix, double factor)
    {
        var scaled = (double[,])matrix.Clone();
        for (var i = 0; i < scaled.GetLength(0); i++)
        {
            for (var j = 0; j < scaled.GetLength(1); j++)
                scaled[i, j] *= factor;
        }

        return scaled;
    }

    private static double Factor(double freedom) => StudentT.InvCDF(0, 1, Math.Max(1, freedom), 0.975);
}
