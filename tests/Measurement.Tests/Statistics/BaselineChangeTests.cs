using MeterLab.Measurement.Statistics;

namespace MeterLab.Measurement.Tests.Statistics;

public sealed class BaselineChangeTests
{
    private static BaselineNight[] Nights(double standard, params double[] means) => [.. means.Select(mean => new BaselineNight(mean, standard))];

    [Fact]
    public void The_scatter_between_nights_is_what_their_own_uncertainty_leaves()
    {
        // Means 60 ± 1: variance 1 (n - 1); their own 0.36 leave 0.64.
        var between = BetweenNights.Of(Nights(0.6, 59, 60, 61));

        Assert.Equal(60, between.LevelW, 9);
        Assert.Equal(0.64, between.BetweenVariance, 6);
        Assert.Equal(1.0 / 3, between.LevelVariance, 6);
    }

    [Fact]
    public void Nights_that_agree_better_than_they_must_leave_no_scatter() =>
        Assert.Equal(0, BetweenNights.Of(Nights(1, 60, 60.1, 59.9)).BetweenVariance);

    [Fact]
    public void Welch_would_cry_wolf_where_nights_scatter()
    {
        // 0.13 W within a night, but half a watt from night to night: 1 W more is nothing new.
        var test = BaselineChange.Test(Nights(0.13, 60.4, 59.5, 60.3, 59.6, 60.7), Nights(0.13, 61));

        Assert.False(test.Changed);
        Assert.Equal(0.9, test.ChangeW, 9);
        Assert.InRange(test.NightScatterW, 0.4, 0.6);
        Assert.True(test.ChangeW / Math.Sqrt(2 * 0.13 * 0.13) > 4);
    }

    [Fact]
    public void Two_watts_are_seen_where_nights_agree()
    {
        var test = BaselineChange.Test(Nights(0.13, 60.1, 59.9, 60.0, 60.05, 59.95), Nights(0.13, 62));

        Assert.True(test.Changed);
        Assert.True(test.Probability < 0.001);
        Assert.False(test.ScatterAssumed);
        Assert.InRange(test.ThresholdW, 0.4, 1);
    }

    [Fact]
    public void A_pair_alone_takes_an_assumed_scatter_and_says_so()
    {
        var test = BaselineChange.Test(Nights(0.13, 60), Nights(0.13, 61.5));

        Assert.True(test.ScatterAssumed);
        // 2.5758 x sqrt(2 x (0.25 + 0.0169))
        Assert.Equal(1.8820, test.ThresholdW, 3);
        Assert.False(test.Changed);
        Assert.True(BaselineChange.Test(Nights(0.13, 60), Nights(0.13, 61.5), assumedNightScatterW: 0.1).Changed);
    }

    [Fact]
    public void Small_changes_that_stay_add_up()
    {
        double[] calm = [60.1, 59.7, 60.3, 59.9, 60.0, 60.4, 59.6, 60.2, 59.8, 60.0];
        var risen = calm.Concat(calm.Select(mean => mean + 0.7)).ToArray();

        Assert.Null(BaselineCusum.Of(Nights(0.1, [.. calm, .. calm])).Alarm);
        var cusum = BaselineCusum.Of(Nights(0.1, risen));
        Assert.NotNull(cusum.Alarm);
        Assert.InRange(cusum.Alarm!.Value, 10, 15);
        Assert.InRange(cusum.Since!.Value, 9, 12);
        Assert.True(cusum.Up[cusum.Alarm.Value] > cusum.Threshold);
    }

    [Fact]
    public void The_threshold_gives_the_tabled_mean_run() =>
        // One sum with allowance 0.5 and threshold 4 runs 336 nights on average, two of them 168 (Montgomery, table 9.3).
        Assert.Equal(4, BaselineCusum.ThresholdFor(1.0 / 168, 0.5), 0.05);

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => BaselineChange.Test([], Nights(0.1, 60)));
        Assert.Throws<ArgumentOutOfRangeException>(() => BaselineChange.Test(Nights(0.1, 60), Nights(0.1, 60), falseAlarmRate: 0));
        Assert.Throws<ArgumentException>(() => BetweenNights.Of(Nights(double.NaN, 60, 61)));
    }
}
