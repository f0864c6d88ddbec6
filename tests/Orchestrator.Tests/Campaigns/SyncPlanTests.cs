using MeterLab.Measurement.Meters;
using MeterLab.Orchestrator.Campaigns;

namespace MeterLab.Orchestrator.Tests.Campaigns;

public sealed class SyncPlanTests
{
    private static MeterResponse Meter(double periodSeconds) => new(periodSeconds, periodSeconds, 0) { AveragingKnown = true };

    [Theory]
    [InlineData(0.001)]
    [InlineData(0.02)]
    [InlineData(0.1)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(10)]
    public void Every_meter_from_a_millisecond_to_ten_seconds_gets_a_pattern_that_it_can_resolve(double periodSeconds)
    {
        var (plan, reason) = SyncPlan.For(Meter(periodSeconds), SyncPlan.UsualNoise);

        Assert.True(plan is not null, reason);
        Assert.True(plan.Pattern.Seconds <= SyncPlan.LongestSeconds, $"{plan.Pattern.Seconds} s");
        var periods = plan.Pattern.ChipSeconds / periodSeconds;
        Assert.True(periods >= 2, $"a chip lasts {periods} update periods");
        // With a whole number of periods a chip every edge would meet the same phase of the meter.
        Assert.True(Math.Abs(periods - Math.Round(periods)) > 0.05, $"a chip lasts {periods} update periods");
    }

    [Fact]
    public void What_no_pattern_can_do_is_refused_in_words()
    {
        var slow = SyncPlan.For(Meter(300), SyncPlan.UsualNoise);
        var noisy = SyncPlan.For(Meter(1), noiseShare: 50);

        Assert.Null(slow.Plan);
        Assert.Contains("would last more than 420 s", slow.Reason, StringComparison.Ordinal);
        Assert.Null(noisy.Plan);
        Assert.Contains("the meter's noise is 5000 % of the load's step", noisy.Reason, StringComparison.Ordinal);
    }
}
