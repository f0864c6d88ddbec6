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
    public void A_pair_alone_is_asked_whether_the_measurements_differ_and_whether_nights_would()
    {
        var test = BaselineChange.Test(Nights(0.13, 60), Nights(0.13, 61.5));

        Assert.True(test.ScatterAssumed);
        // 2.5758 x sqrt(2) x 0.13, and 2.5758 x sqrt(2 x (0.25 + 0.0169))
        Assert.Equal(0.4736, test.MeasurementsThresholdW, 3);
        Assert.Equal(1.8820, test.NightsThresholdW, 3);
        Assert.Equal(1.9600 * Math.Sqrt(2) * 0.13, test.UncertaintyW, 3);
        Assert.True(test.Changed);
        Assert.False(test.BeyondNights);
        Assert.Equal(test.MeasurementsThresholdW, test.ThresholdW);
        Assert.True(BaselineChange.Test(Nights(0.13, 60), Nights(0.13, 61.5), assumedNightScatterW: 0.1).BeyondNights);
        Assert.False(BaselineChange.Test(Nights(0.13, 60), Nights(0.13, 60.4)).Changed);
    }

    [Fact]
    public void A_poorly_known_uncertainty_is_paid_for()
    {
        var poor = BaselineChange.Test([new BaselineNight(60, 0.13, 4)], [new BaselineNight(62, 0.13, 4)]);

        // Welch and Satterthwaite: two uncertainties with 4 degrees of freedom each give 8; Student's t of 0.995 is 3.3554 then.
        Assert.Equal(3.3554 * Math.Sqrt(2) * 0.13, poor.MeasurementsThresholdW, 3);
        Assert.Equal(0.01, BaselineChange.Test([new BaselineNight(0, 0.13, 4)], [new BaselineNight(poor.MeasurementsThresholdW, 0.13, 4)]).Probability, 6);
    }

    [Fact]
    public void Two_earlier_nights_that_lie_far_apart_raise_the_assumed_scatter()
    {
        Assert.Equal(BaselineChange.AssumedNightScatterW, BaselineChange.Test(Nights(0.1, 60, 60.2), Nights(0.1, 60)).NightScatterW);
        var apart = BaselineChange.Test(Nights(0.1, 60, 64), Nights(0.1, 66));
        Assert.True(apart.ScatterAssumed);
        // The variance of 60 and 64 less their own.
        Assert.Equal(Math.Sqrt(8 - 0.01), apart.NightScatterW, 3);
        Assert.False(apart.BeyondNights);
    }

    [Fact]
    public void Three_nights_that_agree_neither_promise_a_machine_without_scatter_nor_hide_two_watts()
    {
        var test = BaselineChange.Test(Nights(0.13, 60.1, 59.9, 60.0), Nights(0.13, 62));

        Assert.False(test.ScatterAssumed);
        Assert.InRange(test.NightScatterW, 0.02, 0.3);
        // Far above what the measurements leave open (0.39 W), and below two watts.
        Assert.InRange(test.ThresholdW, 1, 2);
        Assert.True(test.Changed);
        Assert.Equal(test.Changed, test.BeyondNights);
    }

    [Fact]
    public void Many_nights_make_the_prior_unimportant()
    {
        var random = new Random(5);
        var nights = Enumerable.Range(0, 200).Select(_ => new BaselineNight(60 + 3 * (random.NextDouble() - 0.5) * Math.Sqrt(12), 0.05)).ToArray();
        var test = BaselineChange.Test(nights, Nights(0.05, 60));

        Assert.Equal(Math.Sqrt(BetweenNights.Of(nights).BetweenVariance), test.NightScatterW, 0.05 * test.NightScatterW);
        // Student's t of 0.995 with 199 degrees of freedom.
        Assert.Equal(2.601 * test.NightScatterW * Math.Sqrt(1 + 1.0 / 200), test.ThresholdW, 0.02 * test.ThresholdW);
    }

    [Fact]
    public void What_is_called_is_what_lies_beyond_the_threshold()
    {
        foreach (var earlier in new[] { Nights(0.2, 60), Nights(0.2, 60, 60.5), Nights(0.2, 60, 60.5, 59.1), Nights(0.2, 60, 60.5, 59.1, 60.2, 60.9, 59.7) })
        {
            var level = -BaselineChange.Test(earlier, Nights(0.2, 0)).ChangeW;
            var threshold = BaselineChange.Test(earlier, Nights(0.2, level)).ThresholdW;
            Assert.False(BaselineChange.Test(earlier, Nights(0.2, level + 0.999 * threshold)).Changed);
            Assert.True(BaselineChange.Test(earlier, Nights(0.2, level - 1.001 * threshold)).Changed);
        }
    }

    [Fact]
    public void Nights_without_any_uncertainty_of_their_own_can_be_asked()
    {
        Assert.False(BaselineChange.Test(Nights(0, 60), Nights(0, 60)).Changed);
        Assert.True(BaselineChange.Test(Nights(0, 60), Nights(0, 60.1)).Changed);
        Assert.False(BaselineChange.Test(Nights(0, 60, 60, 60, 60), Nights(0, 60)).Changed);
        Assert.True(BaselineChange.Test(Nights(0, 60, 60, 60, 60), Nights(0, 64)).Changed);
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
        Assert.Throws<ArgumentOutOfRangeException>(() => BaselineChange.Test(Nights(0.1, 60), Nights(0.1, 60), assumedNightScatterW: 0));
        Assert.Throws<ArgumentException>(() => BaselineChange.Test(Nights(0.1, 60), Nights(0.1, double.NaN)));
        Assert.Throws<ArgumentException>(() => BaselineChange.Test([new BaselineNight(60, 0.1, 0)], Nights(0.1, 60)));
        Assert.Throws<ArgumentException>(() => BetweenNights.Of(Nights(double.NaN, 60, 61)));
    }
}
