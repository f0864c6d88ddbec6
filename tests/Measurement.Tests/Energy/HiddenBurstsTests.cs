using MeterLab.Measurement.Energy;

namespace MeterLab.Measurement.Tests.Energy;

/// <summary>What a trace tells of bursts that its values do not show: traces that are known to the last digit.</summary>
public class HiddenBurstsTests
{
    // 0.35 s periods, on for 40 % of each; 120 W at rest, 320 W busy. The mean over a window is exact.
    private static double Bursts(double from, double to) => (Busy(to) - Busy(from)) * 200 / (to - from) + 120;

    private static double Busy(double seconds)
    {
        const double Period = 0.35;
        var whole = Math.Floor(seconds / Period);
        return whole * 0.4 * Period + Math.Min(seconds - whole * Period, 0.4 * Period);
    }

    [Fact]
    public void The_sum_of_one_second_means_tells_how_far_bursts_move_the_energy()
    {
        var levels = Enumerable.Range(0, 60).Select(k => Bursts(k, k + 1)).ToArray();
        var bursts = new HiddenBursts(levels, 20, 40, 1, 1);
        Assert.True(bursts.ArePossible);
        // The energy goes from its straight line and back by 200 W x 0.6 x 0.14 s = 16.8 J in each period; a triangle of that range.
        Assert.Equal(16.8 / Math.Sqrt(12), bursts.StandardJ, 0.5);
    }

    [Fact]
    public void Bursts_whose_period_nearly_divides_the_second_show_in_the_sum_though_not_in_the_values()
    {
        // Period 0.35 s against means of 1.06 s: each mean holds three periods and 10 ms.
        var levels = Enumerable.Range(0, 120).Select(k => Bursts(1.06 * k, 1.06 * (k + 1))).ToArray();
        var largest = levels.Zip(levels.Skip(1), (a, b) => Math.Abs(a - b)).Max();
        var bursts = new HiddenBursts(levels, 40, 80, 1.06, 1);
        Assert.True(largest * 1.06 < 2.1, $"{largest} W");
        Assert.True(bursts.ArePossible);
        Assert.Equal(16.8 / Math.Sqrt(12), bursts.StandardJ, 0.5);
    }

    [Fact]
    public void A_load_that_wanders_off_is_no_bursts()
    {
        var levels = Enumerable.Range(0, 120).Select(k => 250 + 20 * Math.Sin(k / 9.0) + 10 * Math.Sin(k / 3.1)).ToArray();
        Assert.False(new HiddenBursts(levels, 40, 80, 1, 1).ArePossible);
    }

    [Fact]
    public void A_ramp_hides_nothing()
    {
        var levels = Enumerable.Range(0, 120).Select(k => 100 + 2.0 * k).ToArray();
        Assert.Equal(0, new HiddenBursts(levels, 40, 80, 1, 1).StandardJ, 1e-9);
    }

    [Fact]
    public void Short_looks_at_bursts_are_caught_between_the_levels_however_slowly_they_seem_to_switch()
    {
        // 50 ms each 1.07 s: the beat takes 17.5 values, as if the load were busy for 7.5 s and at rest for 11 s.
        var levels = Enumerable.Range(0, 120).Select(k => Bursts(1.07 * k, 1.07 * k + 0.05)).ToArray();
        Assert.InRange(HiddenFlanks.Share(levels, 40, 80, 0.05 / 1.07, 1), 0.15, 0.45);
    }

    [Fact]
    public void A_load_that_really_switches_slowly_is_not()
    {
        // 14 s busy, 21 s at rest, flanks of half a second: every 35 values two flanks.
        var levels = Enumerable.Range(0, 120).Select(k => 120 + 200 * Math.Clamp((Math.Abs(k * 1.06 % 35 - 17.5) - 10.5) / 0.5, 0, 1)).ToArray();
        Assert.Equal(0, HiddenFlanks.Share(levels, 40, 80, 0.05 / 1.06, 1));
    }

    [Fact]
    public void Slow_flanks_that_values_follow_are_seen_not_hidden()
    {
        var levels = Enumerable.Range(0, 120).Select(k => 120 + 200 * Math.Clamp((Math.Abs(k * 1.06 % 60 - 30) - 10) / 8, 0, 1)).ToArray();
        Assert.Equal(0, HiddenFlanks.Share(levels, 40, 80, 0.05 / 1.06, 1));
    }

    [Fact]
    public void A_stretch_ends_where_the_load_has_left_for_good_and_not_at_a_peak()
    {
        double[] levels = [40, 40, 40, 40, 200, 200, 200, 380, 200, 201, 199, 200, 200, 200, 200, 40, 40, 40, 40];
        Assert.Equal((4, 15), LikeStretch.Of(levels, 9, 12));
    }
}
