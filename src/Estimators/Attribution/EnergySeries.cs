namespace MeterLab.Estimators.Attribution;

/// <summary>A stretch of time in which an estimator says that so much was used.</summary>
/// <param name="FromS">Its beginning, s since 1970 or since any moment that is the same for the whole series.</param>
/// <param name="ToS">Its end.</param>
/// <param name="Joules">J by component, in the order of the series' names.</param>
internal readonly record struct EnergyInterval(double FromS, double ToS, IReadOnlyList<double> Joules);

/// <summary>The course of an estimator's energy: intervals one after the other, with gaps where it said nothing.</summary>
internal sealed class EnergySeries
{
    private readonly IReadOnlyList<EnergyInterval> _intervals;

    /// <summary>Takes intervals in any order; throws <see cref="ArgumentException"/> where there is none.</summary>
    public EnergySeries(IReadOnlyList<string> components, IEnumerable<EnergyInterval> intervals)
    {
        Components = components;
        _intervals = [.. intervals.OrderBy(interval => interval.FromS)];
        if (_intervals.Count == 0)
            throw new ArgumentException("a series needs an interval", nameof(intervals));
    }

    /// <summary>The names of the components.</summary>
    public IReadOnlyList<string> Components { get; }

    /// <summary>Where it begins.</summary>
    public double FromS => _intervals[0].FromS;

    /// <summary>Where it ends.</summary>
    public double ToS => _intervals[^1].ToS;

    /// <summary>The longest interval, s.</summary>
    public double LongestS => _intervals.Max(interval => interval.ToS - interval.FromS);

    /// <summary>Seconds that intervals cover, and J by component, all in all.</summary>
    public (double CoveredS, IReadOnlyDictionary<string, double> Joules) Total() => Cut(FromS, ToS);

    /// <summary>The same for a stretch; an interval that reaches out of it counts with its share of time.</summary>
    public (double CoveredS, IReadOnlyDictionary<string, double> Joules) Cut(double fromS, double toS)
    {
        var sums = new double[Components.Count];
        var covered = 0.0;
        foreach (var interval in _intervals)
        {
            var length = interval.ToS - interval.FromS;
            var inside = Math.Min(interval.ToS, toS) - Math.Max(interval.FromS, fromS);
            if (inside <= 0 || length <= 0)
                continue;
            covered += inside;
            for (var i = 0; i < sums.Length; i++)
                sums[i] += interval.Joules[i] * (inside / length);
        }

        var joules = new Dictionary<string, double>();
        for (var i = 0; i < sums.Length; i++)
            joules[Components[i]] = sums[i];
        return (covered, joules);
    }

    /// <summary>The mean power of all components in each interval, W, with its end.</summary>
    public IReadOnlyList<(double ToS, double Watts)> MeanPower() =>
        [.. _intervals.Where(interval => interval.ToS > interval.FromS).Select(interval => (interval.ToS, interval.Joules.Sum() / (interval.ToS - interval.FromS)))];

    /// <summary>
    /// From power samples, each the mean since the sample before it; the first is taken to be as long as the second. Null for fewer than
    /// two samples: one says nothing about time.
    /// </summary>
    public static EnergySeries? FromMeanPower(IReadOnlyList<string> components, IReadOnlyList<(double AtS, IReadOnlyList<double> Watts)> samples)
    {
        if (samples.Count < 2)
            return null;
        var first = samples[0].AtS - (samples[1].AtS - samples[0].AtS);
        return new EnergySeries(components, samples.Select((sample, i) =>
        {
            var from = i == 0 ? first : samples[i - 1].AtS;
            return new EnergyInterval(from, sample.AtS, [.. sample.Watts.Select(watts => watts * (sample.AtS - from))]);
        }));
    }
}
