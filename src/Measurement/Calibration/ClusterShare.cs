namespace MeterLab.Measurement.Calibration;

/// <summary>What the rows of one cluster do to a fit.</summary>
/// <param name="Pull">Their pull on the coefficients.</param>
/// <param name="Information">Their information.</param>
/// <param name="Together">Their pull if every one of them lay one standard deviation above the law.</param>
/// <param name="Rows">How many.</param>
/// <param name="Sum">Sum of their pulls, each in standard deviations.</param>
/// <param name="Squares">Sum of the squares of those.</param>
internal sealed record ClusterShare(double[] Pull, double[,] Information, double[] Together, int Rows, double Sum, double Squares)
{
    /// <summary>
    /// How strongly rows of one cluster err together: the intraclass correlation of their pulls (one-way analysis of variance), 0 to 1.
    /// </summary>
    public static double Correlation(IReadOnlyCollection<ClusterShare> shares)
    {
        double rows = shares.Sum(share => share.Rows);
        var (clusters, mean) = (shares.Count, shares.Sum(share => share.Sum) / rows);
        if (clusters < 2 || rows <= clusters)
            return 0;
        var between = shares.Sum(share => share.Sum * share.Sum / share.Rows) - rows * mean * mean;
        var within = (shares.Sum(share => share.Squares) - rows * mean * mean - between) / (rows - clusters);
        var size = (rows - shares.Sum(share => (double)share.Rows * share.Rows) / rows) / (clusters - 1);
        between /= clusters - 1;
        var all = between + (size - 1) * within;
        return all > 0 ? Math.Clamp((between - within) / all, 0, 1) : 0;
    }
}
