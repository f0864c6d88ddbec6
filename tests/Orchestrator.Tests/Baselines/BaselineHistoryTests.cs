using MeterLab.Measurement;
using MeterLab.Orchestrator.Baselines;
using MeterLab.Orchestrator.Targets;

namespace MeterLab.Orchestrator.Tests.Baselines;

public sealed class BaselineHistoryTests
{
    [Fact]
    public void The_first_baseline_has_nothing_to_be_compared_with()
    {
        var (comparison, findings) = BaselineHistory.Compare([], Baseline(60));
        Assert.Null(comparison);
        Assert.Equal("baseline-first", Assert.Single(findings).Rule);
    }

    [Fact]
    public void A_pair_that_differs_by_less_than_nights_may_is_a_note()
    {
        var (comparison, findings) = BaselineHistory.Compare([Baseline(60)], Baseline(61.5));

        Assert.True(comparison!.Changed);
        Assert.False(comparison.BeyondNights);
        Assert.True(comparison.ScatterAssumed);
        Assert.True(comparison.ThresholdW < 1.5 && comparison.NightsThresholdW > 1.5);
        var finding = Assert.Single(findings);
        Assert.Equal(("baseline-change", Severity.Note), (finding.Rule, finding.Severity));
        Assert.StartsWith("The idle power differs by +1.50 W ± 0.3", finding.Detail, StringComparison.Ordinal);
        Assert.Contains("is not known before 4 baselines; it would not stand out of 0.50 W (beyond ", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pair_that_differs_by_more_than_nights_may_is_a_warning()
    {
        var (comparison, findings) = BaselineHistory.Compare([Baseline(60)], Baseline(57.5));

        Assert.True(comparison!.BeyondNights);
        var finding = Assert.Single(findings);
        Assert.Equal(("baseline-change", Severity.Warning), (finding.Rule, finding.Severity));
        Assert.StartsWith("The idle power changed by -2.50 W ± ", finding.Detail, StringComparison.Ordinal);
        Assert.Contains("it would stand out of 0.50 W", finding.Detail, StringComparison.Ordinal);
        Assert.EndsWith("look for dust, room temperature, disks, cables.", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void What_changed_on_the_machine_is_named_whether_or_not_its_power_did()
    {
        var now = Baseline(60.05) with { Fingerprint = "b", Machine = [new FingerprintPart("kernel", ["6.2"])] };
        var finding = Assert.Single(BaselineHistory.Compare([Baseline(60)], now).Findings);
        Assert.Equal(("baseline-fingerprint", Severity.Note), (finding.Rule, finding.Severity));
        Assert.Contains("6.2", finding.Detail, StringComparison.Ordinal);

        finding = Assert.Single(BaselineHistory.Compare([Baseline(60)], now with { StaticW = 64 }).Findings);
        Assert.Equal(("baseline-change", Severity.Warning), (finding.Rule, finding.Severity));
        Assert.Contains("Since then", finding.Detail, StringComparison.Ordinal);
        Assert.Contains("6.2", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void From_three_earlier_baselines_on_their_own_scatter_decides()
    {
        var scattering = BaselineHistory.Compare([Baseline(60), Baseline(62), Baseline(58.5)], Baseline(63));
        Assert.False(scattering.Comparison!.Changed);
        Assert.False(scattering.Comparison.ScatterAssumed);
        Assert.Equal("baseline-compared", scattering.Findings[0].Rule);

        var alike = BaselineHistory.Compare([Baseline(60), Baseline(60.1), Baseline(59.9)], Baseline(63));
        Assert.Equal((true, (bool?)true), (alike.Comparison!.Changed, alike.Comparison.BeyondNights));
        Assert.Equal(("baseline-change", Severity.Warning), (alike.Findings[0].Rule, alike.Findings[0].Severity));
        Assert.Contains("the power scatters by about", alike.Findings[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void The_rounding_of_a_coarse_meter_does_not_cancel_and_its_gain_does()
    {
        // One count of 1 W more, without any scatter: rounding alone may make it.
        var coarse = Baseline(60) with { URandomW = 0, UMeterW = 0.4, UResolutionW = 1 / Math.Sqrt(12) };
        Assert.False(BaselineHistory.Compare([coarse], coarse with { StaticW = 61 }).Comparison!.Changed);
        var fine = coarse with { UResolutionW = 0.001, URandomW = 0.01 };
        Assert.True(BaselineHistory.Compare([fine], fine with { StaticW = 61 }).Comparison!.Changed);
        // Of another meter even the gain is another.
        Assert.False(BaselineHistory.Compare([fine], fine with { StaticW = 61, Channels = ["other/total"] }).Comparison!.Changed);
        // An earlier version did not tell the rounding: all of the meter's uncertainty may be it.
        Assert.False(BaselineHistory.Compare([fine with { UResolutionW = null }], fine with { StaticW = 60.8 }).Comparison!.Changed);
    }

    // 60 s at 1 Hz with 1 W of noise.
    private static BaselineResult Baseline(double watts) => new()
    {
        Target = "node1", Scope = "wall-ac", StaticW = watts, UncertaintyW = 0.6, DurationS = 60, Steady = true, Measured = "2026-11-23T00:00:00Z",
        Fingerprint = "a", Machine = [new FingerprintPart("kernel", ["6.1"])], URandomW = 0.13, UMeterW = 0.25, UResolutionW = 0.003, EffectiveCount = 60,
        Channels = ["wall/total"],
    };
}
