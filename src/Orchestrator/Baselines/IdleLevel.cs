using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Statistics;

namespace MeterLab.Orchestrator.Baselines;

/// <summary>One channel's share of an idle power.</summary>
/// <param name="MeanW">W.</param>
/// <param name="Accuracy">Its meter's limits of error; null where nobody knows them.</param>
/// <param name="ResolutionW">The smallest step of a value, W.</param>
internal readonly record struct ChannelLevel(double MeanW, AccuracyLimit? Accuracy, double ResolutionW);

/// <summary>An idle power with what is known of it.</summary>
internal sealed record IdleLevel
{
    /// <summary>Values that a level needs.</summary>
    public const int Fewest = 2 * Parts;

    // Means over so many parts see a memory that the short-range estimate misses.
    private const int Parts = 8;

    private IdleLevel()
    {
    }

    /// <summary>W.</summary>
    public required double Watts { get; init; }

    /// <summary>Standard uncertainty from the machine's own wandering, autocorrelation in it, W.</summary>
    public required double RandomW { get; init; }

    /// <summary>Standard uncertainty from the meters, W: longer measuring does not make it smaller. Null where nobody knows their accuracy.</summary>
    public required double? MeterW { get; init; }

    /// <summary>The part of it that the channels' rounding makes, W.</summary>
    public required double ResolutionW { get; init; }

    /// <summary>How many independent values the stretch is worth.</summary>
    public required double EffectiveCount { get; init; }

    /// <summary>Degrees of freedom of <see cref="RandomW"/>.</summary>
    public required int Freedom { get; init; }

    /// <summary>Standard uncertainty, W; null where a part of it is not known.</summary>
    public double? StandardW => MeterW is { } meter ? Math.Sqrt(RandomW * RandomW + meter * meter) : null;

    /// <summary>The factor for 95 %: 2, or Student's with the degrees of freedom that Welch and Satterthwaite give (JCGM 100:2008, G.4).</summary>
    public double K
    {
        get
        {
            var share = RandomW == 0 ? 0 : RandomW / Math.Sqrt(RandomW * RandomW + (MeterW ?? 0) * (MeterW ?? 0));
            var freedom = Freedom / Math.Pow(Math.Max(share, 1e-3), 4);
            return Math.Max(2, ErrorStatistics.StudentFactor95((int)Math.Clamp(freedom, 1, 10_000)));
        }
    }

    /// <summary>Expanded uncertainty for 95 %, W.</summary>
    public double? UncertaintyW => K * StandardW;

    /// <summary>From evenly spaced powers (at least 16) and the channels that they are the sum of.</summary>
    public static IdleLevel Of(ReadOnlySpan<double> watts, IReadOnlyList<ChannelLevel> channels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(watts.Length, Fewest);
        var mean = AutocorrelatedMean.Of(watts);
        var parts = new double[Parts];
        for (var part = 0; part < Parts; part++)
        {
            var slice = watts[(watts.Length * part / Parts)..(watts.Length * (part + 1) / Parts)];
            foreach (var value in slice)
                parts[part] += value / slice.Length;
        }

        var centre = parts.Average();
        var slow = Math.Sqrt(parts.Sum(value => (value - centre) * (value - centre)) / (Parts - 1) / Parts);
        var (random, effective) = slow > mean.StandardError
            ? (slow, Math.Min(Parts, mean.EffectiveCount))
            : (mean.StandardError, mean.EffectiveCount);
        var variance = channels.Sum(Variance);
        return new IdleLevel
        {
            Watts = mean.Mean,
            RandomW = random,
            MeterW = channels.All(channel => channel.Accuracy is not null) ? Math.Sqrt(variance) : null,
            ResolutionW = Math.Sqrt(channels.Sum(Rounding)),
            EffectiveCount = effective,
            Freedom = Math.Max(1, (int)effective - 1),
        };
    }

    private static double Variance(ChannelLevel channel)
    {
        var accuracy = channel.Accuracy?.StandardUncertainty(channel.MeanW) ?? 0;
        return accuracy * accuracy + Rounding(channel);
    }

    // A steady power repeats one rounding error in every reading: it does not average away.
    private static double Rounding(ChannelLevel channel) => channel.ResolutionW * channel.ResolutionW / 12;
}
