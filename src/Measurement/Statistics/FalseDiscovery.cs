namespace MeterLab.Measurement.Statistics;

/// <summary>
/// Many comparisons at once: the step-up correction of Benjamini and Hochberg (1995). Of the comparisons whose corrected probability lies below
/// q, a share of at most q is expected to be chance.
/// </summary>
public static class FalseDiscovery
{
    /// <summary>The corrected probabilities, in the order of the given ones, which lie between 0 and 1.</summary>
    public static double[] Adjust(IReadOnlyList<double> probabilities)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        if (!probabilities.All(probability => probability is >= 0 and <= 1))
            throw new ArgumentException("A probability lies between 0 and 1.", nameof(probabilities));
        var order = Enumerable.Range(0, probabilities.Count).OrderByDescending(i => probabilities[i]).ToArray();
        var adjusted = new double[probabilities.Count];
        var least = 1.0;
        for (var rank = 0; rank < order.Length; rank++)
        {
            least = Math.Min(least, probabilities[order[rank]] * order.Length / (order.Length - rank));
            adjusted[order[rank]] = least;
        }

        return adjusted;
    }
}
