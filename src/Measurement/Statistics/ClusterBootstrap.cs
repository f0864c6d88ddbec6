namespace MeterLab.Measurement.Statistics;

/// <summary>
/// Confidence interval of a mean whose values come in clusters that err together: whole clusters are drawn with replacement (Davison and
/// Hinkley 1997, section 3.8). Few clusters make such an interval too narrow; it is stretched by Student's t against the normal distribution.
/// </summary>
public static class ClusterBootstrap
{
    private const int Draws = 2000;
    private const double Normal95 = 1.959963985;

    /// <summary>
    /// The 95 % interval of the mean; null below two clusters. The same values and seed give the same interval.
    /// Throws where the lengths differ or a value is not finite.
    /// </summary>
    public static (double Low, double High)? MeanInterval95(IReadOnlyList<double> values, IReadOnlyList<string> clusters, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(clusters);
        if (values.Count != clusters.Count)
            throw new ArgumentException("Every value has a cluster.", nameof(clusters));
        if (!values.All(double.IsFinite))
            throw new ArgumentException("Every value must be a finite number.", nameof(values));
        var sums = values.Zip(clusters).GroupBy(pair => pair.Second, pair => pair.First, StringComparer.Ordinal)
            .Select(group => (Sum: group.Sum(), Count: group.Count())).ToArray();
        if (sums.Length < 2)
            return null;
        var mean = values.Average();
        var means = Means(sums, seed);
        var stretch = ErrorStatistics.StudentFactor95(sums.Length - 1) / Normal95 * Math.Sqrt(sums.Length / (sums.Length - 1.0));
        return (mean + stretch * (means[(int)(0.025 * Draws)] - mean), mean + stretch * (means[(int)(0.975 * Draws) - 1] - mean));
    }

    private static double[] Means((double Sum, int Count)[] clusters, int seed)
    {
#pragma warning disable CA5394 // the same figures must come out again; nothing is kept secret by them
        var random = new Random(seed);
        var means = new double[Draws];
        for (var draw = 0; draw < Draws; draw++)
        {
            var (sum, count) = (0.0, 0);
            for (var i = 0; i < clusters.Length; i++)
            {
                var cluster = clusters[random.Next(clusters.Length)];
                (sum, count) = (sum + cluster.Sum, count + cluster.Count);
            }

            means[draw] = sum / count;
        }
#pragma warning restore CA5394

        Array.Sort(means);
        return means;
    }
}
