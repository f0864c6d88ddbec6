namespace MeterLab.Measurement.Statistics;

/// <summary>
/// Whether a machine's idle power has changed since its last baselines. Two questions, each answered at the wanted rate of false alarms: does the
/// power differ by more than the measurements themselves leave open, and by more than it scatters from night to night? The second is what says
/// that the machine changed, and needs earlier nights to know the scatter. With fewer than three of them the first decides, and whether the
/// difference would also stand out of an assumed scatter is told beside it (<see cref="BeyondNights"/>).
/// </summary>
public sealed class BaselineChange
{
    /// <summary>
    /// Scatter from night to night, standard deviation, W: assumed where fewer than three earlier nights tell it, and from there on the median of
    /// what is believed before the nights are asked.
    /// </summary>
    public const double AssumedNightScatterW = 0.5;

    /// <summary>Earlier nights from which on they tell the scatter themselves.</summary>
    public const int FewestNights = 3;

    private readonly StudentMixture _measurements;
    private readonly StudentMixture _nights;

    private BaselineChange(double changeW, double falseAlarmRate, StudentMixture measurements, StudentMixture nights)
    {
        (ChangeW, FalseAlarmRate, _measurements, _nights) = (changeW, falseAlarmRate, measurements, nights);
        (MeasurementsProbability, NightsProbability) = (measurements.Probability(Math.Abs(changeW)), nights.Probability(Math.Abs(changeW)));
    }

    /// <summary>New minus old, W.</summary>
    public double ChangeW { get; }

    /// <summary>Its expanded uncertainty (95 %) as a difference between the measurements, W: what they themselves leave open, without scatter from night to night.</summary>
    public double UncertaintyW => _measurements.Threshold(0.05);

    /// <summary>The smallest change that would be called one, W: that of the question which decides.</summary>
    public double ThresholdW => ScatterAssumed ? MeasurementsThresholdW : NightsThresholdW;

    /// <summary>How often so large a difference comes without one, two-sided, as far as the question that decides goes.</summary>
    public double Probability => ScatterAssumed ? MeasurementsProbability : NightsProbability;

    /// <summary>Whether it is called a change: beyond the measurements with fewer than three earlier nights, else beyond the nights.</summary>
    public bool Changed => ScatterAssumed ? MeasurementsProbability < FalseAlarmRate : BeyondNights;

    /// <summary>Whether it stands out of the scatter from night to night, the assumed one where fewer than three earlier nights tell it.</summary>
    public bool BeyondNights => NightsProbability < FalseAlarmRate;

    /// <summary>The wanted rate of false alarms.</summary>
    public double FalseAlarmRate { get; }

    /// <summary>The smallest difference that the measurements themselves would not leave open, W.</summary>
    public double MeasurementsThresholdW => _measurements.Threshold(FalseAlarmRate);

    /// <summary>How often so large a difference comes where nothing but the measurement varies.</summary>
    public double MeasurementsProbability { get; }

    /// <summary>The smallest change that would stand out of the scatter from night to night, W.</summary>
    public double NightsThresholdW => _nights.Threshold(FalseAlarmRate);

    /// <summary>How often so large a difference comes from night to night.</summary>
    public double NightsProbability { get; }

    /// <summary>Standard deviation from night to night, W: assumed, or what the nights make as likely too large as too small.</summary>
    public required double NightScatterW { get; init; }

    /// <summary>Whether that was assumed, because fewer than three earlier nights tell it.</summary>
    public required bool ScatterAssumed { get; init; }

    /// <summary>Earlier nights.</summary>
    public required int Nights { get; init; }

    /// <summary>
    /// Tests the newest nights against earlier ones, all of them taken with one fingerprint of the machine. Several newest nights are asked as
    /// one: has the level changed since?
    /// </summary>
    /// <param name="earlier">At least one.</param>
    /// <param name="newest">At least one: the night in question, or all since the suspected change.</param>
    /// <param name="falseAlarmRate">Wanted share of false alarms, two-sided, above 0 and below 1.</param>
    /// <param name="assumedNightScatterW">Stands for <see cref="AssumedNightScatterW"/>, above 0.</param>
    public static BaselineChange Test(
        IReadOnlyList<BaselineNight> earlier, IReadOnlyList<BaselineNight> newest, double falseAlarmRate = 0.01, double assumedNightScatterW = AssumedNightScatterW)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        ArgumentNullException.ThrowIfNull(newest);
        ArgumentOutOfRangeException.ThrowIfZero(earlier.Count);
        ArgumentOutOfRangeException.ThrowIfZero(newest.Count);
        if (falseAlarmRate is not (> 0 and < 1) || assumedNightScatterW is not (> 0 and < double.PositiveInfinity))
            throw new ArgumentOutOfRangeException(nameof(falseAlarmRate), "A rate of false alarms lies between 0 and 1, a scatter is above 0.");
        if (earlier.Concat(newest).Any(night => !double.IsFinite(night.MeanW) || night.StandardW is not (>= 0 and < double.PositiveInfinity) || !(night.Freedom >= 1)))
            throw new ArgumentException("A night has a finite mean, a standard uncertainty of 0 or more, and a degree of freedom at least.", nameof(newest));
        var assumed = earlier.Count < FewestNights;
        var nights = assumed ? NightScatter.Known(Assumed(earlier, assumedNightScatterW)) : NightScatter.Of([earlier, newest], assumedNightScatterW);
        var shares = Shares(earlier, newest, nights.Median * nights.Median);
        var change = shares.Sum(one => one.Share * one.Night.MeanW);
        return new BaselineChange(change, falseAlarmRate, DifferenceLaw.Of(shares, NightScatter.Known(0)), DifferenceLaw.Of(shares, nights))
        {
            NightScatterW = nights.Median,
            ScatterAssumed = assumed,
            Nights = earlier.Count,
        };
    }

    // Two nights that lie far apart show that the assumed scatter is too small for this machine.
    private static double Assumed(IReadOnlyList<BaselineNight> earlier, double assumed) =>
        earlier.Count < 2 ? assumed : Math.Max(assumed, Math.Sqrt(BetweenNights.Of(earlier).BetweenVariance));

    // The weighted mean of the newest less that of the earlier.
    private static List<(BaselineNight Night, double Share)> Shares(IReadOnlyList<BaselineNight> earlier, IReadOnlyList<BaselineNight> newest, double between)
    {
        double Weight(BaselineNight night) => 1 / (night.StandardW * night.StandardW + between);
        var (before, after) = (earlier.Sum(Weight), newest.Sum(Weight));
        return [.. earlier.Select(night => (night, -Weight(night) / before)), .. newest.Select(night => (night, Weight(night) / after))];
    }
}
