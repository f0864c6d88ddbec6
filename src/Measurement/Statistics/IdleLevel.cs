using MathNet.Numerics.Distributions;

namespace MeterLab.Measurement.Statistics;

/// <summary>An idle power with what is known of it.</summary>
public sealed record IdleLevel
{
    /// <summary>Values that a level needs.</summary>
    public const int Fewest = 16;

    private IdleLevel()
    {
    }

    /// <summary>W.</summary>
    public required double Watts { get; init; }

    /// <summary>Standard uncertainty from the machine's own wandering, its memory in it (<see cref="AutocorrelatedMean"/>), W.</summary>
    public required double RandomW { get; init; }

    /// <summary>Standard uncertainty from the meters, W: longer measuring does not make it smaller. Null where nobody knows their accuracy.</summary>
    public required double? MeterW { get; init; }

    /// <summary>The part of it that the channels' rounding makes, W.</summary>
    public required double ResolutionW { get; init; }

    /// <summary>How many independent values the stretch is worth.</summary>
    public required double EffectiveCount { get; init; }

    /// <summary>Degrees of freedom of <see cref="RandomW"/>.</summary>
    public required double Freedom { get; init; }

    /// <summary>Standard uncertainty, W; null where a part of it is not known.</summary>
    public double? StandardW => MeterW is { } meter ? Math.Sqrt(RandomW * RandomW + meter * meter) : null;

    /// <summary>The factor for 95 %: 2, or Student's with the degrees of freedom that Welch and Satterthwaite give (JCGM 100:2008, G.4).</summary>
    public double K
    {
        get
        {
            var share = RandomW == 0 ? 0 : RandomW / Math.Sqrt(RandomW * RandomW + (MeterW ?? 0) * (MeterW ?? 0));
            var freedom = Freedom / Math.Pow(Math.Max(share, 1e-3), 4);
            return Math.Max(2, StudentT.InvCDF(0, 1, Math.Clamp(freedom, 1, 10_000), 0.975));
        }
    }

    /// <summary>Expanded uncertainty for 95 %, W.</summary>
    public double? UncertaintyW => K * StandardW;

    /// <summary>From evenly spaced powers (at least 16) and the channels that they are the sum of.</summary>
    public static IdleLevel Of(ReadOnlySpan<double> watts, IReadOnlyList<ChannelLevel> channels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(watts.Length, Fewest);
        var mean = AutocorrelatedMean.Of(watts);
        var rounding = channels.Sum(channel => channel.RoundingW * channel.RoundingW);
        return new IdleLevel
        {
            Watts = mean.Mean,
            RandomW = mean.StandardError,
            MeterW = channels.All(channel => channel.Accuracy is not null)
                ? Math.Sqrt(rounding + channels.Sum(channel => Math.Pow(channel.Accuracy!.StandardUncertainty(channel.MeanW), 2))) : null,
            ResolutionW = Math.Sqrt(rounding),
            EffectiveCount = mean.EffectiveCount,
            Freedom = mean.Freedom,
        };
    }
}
