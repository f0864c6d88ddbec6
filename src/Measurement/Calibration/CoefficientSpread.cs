using MathNet.Numerics.Distributions;

namespace MeterLab.Measurement.Calibration;

/// <summary>
/// How well coefficients are known. Two variances compete, and for each coefficient the one that gives the wider interval wins: that of
/// independent rows (inverse information, corrected for the density that the residuals really have), and the jackknife over clusters, which is
/// right wherever rows of one cluster err together. The second rests on few clusters of unlike weight; its degrees of freedom are
/// Satterthwaite's.
/// </summary>
internal static class CoefficientSpread
{
    /// <summary>Fewer clusters say too little about how clusters differ.</summary>
    public const int FewestClusters = 3;

    /// <summary>The covariance, expanded to 95 % by the factor beside it.</summary>
    public static (double[,] Covariance, double K) Of(CalibrationRows rows, CalibrationSolver solver, double[][]? leftOut)
    {
        var k = Factor(rows.Rows - rows.Terms);
        var density = solver.DensityFactor();
        var terms = rows.Terms;
        var covariance = new double[terms, terms];
        for (var i = 0; i < terms; i++)
        {
            for (var j = 0; j < terms; j++)
                covariance[i, j] = density * solver.Inverse[i, j];
        }

        if (leftOut is null || rows.Clusters < FewestClusters || rows.Rows == terms)
            return (covariance, k);
        var shares = solver.ByCluster();
        var factors = new double[terms];
        for (var j = 0; j < terms; j++)
        {
            var jackknife = Jackknife(solver.Coefficients[j], leftOut, j);
            var together = Math.Max(0, 1 - covariance[j, j] / jackknife);
            var own = Factor(Freedom(solver, shares, j, together, rows.Rows - terms));
            factors[j] = Math.Max(1, own / k * Math.Sqrt(jackknife / covariance[j, j]));
        }

        // Their correlations stay those of the information.
        for (var i = 0; i < terms; i++)
        {
            for (var j = 0; j < terms; j++)
                covariance[i, j] *= factors[i] * factors[j];
        }

        return (covariance, k);
    }

    private static double Jackknife(double whole, double[][] leftOut, int term) =>
        (leftOut.Length - 1.0) / leftOut.Length * leftOut.Sum(coefficients => (coefficients[term] - whole) * (coefficients[term] - whole));

    // Satterthwaite's degrees of freedom of a variance of which a share comes from independent rows and the rest from clusters that err
    // together; the latter has (sum a)² / sum a² for the clusters' expected shares a, by their common pull.
    private static double Freedom(CalibrationSolver solver, ClusterShare[] shares, int term, double together, int rows)
    {
        var direction = Enumerable.Range(0, solver.Coefficients.Length).Select(j => solver.Inverse[term, j]).ToArray();
        var common = shares.Select(share => Math.Pow(share.Together.Select((value, j) => value * direction[j]).Sum(), 2)).ToArray();
        var clusters = Math.Min(Math.Pow(common.Sum(), 2) / common.Sum(value => value * value), shares.Length - 1);
        return 1 / ((1 - together) * (1 - together) / rows + together * together / Math.Max(1, clusters));
    }

    private static double Factor(double freedom) => StudentT.InvCDF(0, 1, Math.Max(1, freedom), 0.975);
}
