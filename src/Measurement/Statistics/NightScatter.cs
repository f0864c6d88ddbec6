namespace MeterLab.Measurement.Statistics;

/// <summary>
/// What may be believed of the scatter from night to night: some standard deviations, each with its weight. With few nights the data alone say
/// little (three that agree by chance would promise a machine without scatter), so a half-Cauchy prior stands beside them, as Gelman (2006) advises
/// for the variance of few groups: half of all machines are taken to scatter by less than its scale, and its long tail gives way to data that
/// scatter more. The likelihood is the one that is left when the level is not known (restricted maximum likelihood).
/// </summary>
internal sealed class NightScatter
{
    private const int Points = 240;

    // Far below and above what any of the scales in the data can speak for.
    private const double Below = 1e-3;
    private const double Above = 1e3;
    private const double Negligible = 1e-10;

    private NightScatter(double[] standardW, double[] weights)
    {
        (StandardW, Weights) = (standardW, weights);
        var sum = 0.0;
        Median = standardW[^1];
        for (var i = 0; i < weights.Length; i++)
        {
            sum += weights[i];
            if (sum < 0.5)
                continue;
            Median = standardW[i];
            break;
        }
    }

    /// <summary>Standard deviations, W, rising.</summary>
    public IReadOnlyList<double> StandardW { get; }

    /// <summary>Their weights, which sum to 1.</summary>
    public IReadOnlyList<double> Weights { get; }

    /// <summary>As likely too large as too small, W.</summary>
    public double Median { get; }

    /// <summary>One that is taken as known.</summary>
    public static NightScatter Known(double standardW) => new([standardW], [1]);

    /// <summary>From groups of nights that share one scatter, each with a level of its own that nobody knows.</summary>
    public static NightScatter Of(IReadOnlyList<IReadOnlyList<BaselineNight>> groups, double scaleW)
    {
        var range = groups.Max(nights => nights.Max(night => night.MeanW) - nights.Min(night => night.MeanW));
        var (low, high) = (Math.Log(Below * scaleW), Math.Log(Above * Math.Max(scaleW, range)));
        var standards = Enumerable.Range(0, Points).Select(i => Math.Exp(low + (high - low) * i / (Points - 1))).ToArray();
        // The prior of the logarithm, since the points lie evenly in it.
        var logs = standards.Select(one => Math.Log(one / (scaleW * scaleW + one * one)) + groups.Sum(nights => LogLikelihood(nights, one * one))).ToArray();
        var most = logs.Max();
        var kept = Enumerable.Range(0, Points).Where(i => Math.Exp(logs[i] - most) > Negligible).ToArray();
        var total = kept.Sum(i => Math.Exp(logs[i] - most));
        return new NightScatter([.. kept.Select(i => standards[i])], [.. kept.Select(i => Math.Exp(logs[i] - most) / total)]);
    }

    private static double LogLikelihood(IReadOnlyList<BaselineNight> nights, double between)
    {
        var (weight, moment) = (0.0, 0.0);
        foreach (var night in nights)
        {
            weight += 1 / Variance(night, between);
            moment += night.MeanW / Variance(night, between);
        }

        var level = moment / weight;
        var sum = -Math.Log(weight);
        foreach (var night in nights)
            sum -= Math.Log(Variance(night, between)) + (night.MeanW - level) * (night.MeanW - level) / Variance(night, between);
        return sum / 2;
    }

    private static double Variance(BaselineNight night, double between) => night.StandardW * night.StandardW + between;
}
