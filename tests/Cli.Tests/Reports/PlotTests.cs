using CsCheck;

using MeterLab.Cli.Rendering.Html;
using MeterLab.Cli.Rendering.Html.Plots;
using MeterLab.Cli.Rendering.Html.Sections;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Cli.Tests.Reports;

/// <summary>The arithmetic under the drawings.</summary>
public sealed class PlotTests
{
    [Fact]
    public void A_linear_axis_shows_all_values_with_labels_apart() =>
        Gen.Select(Gen.Double[-1e6, 1e6], Gen.Double[1e-3, 1e6]).Sample((low, span) =>
        {
            var scale = PlotScale.Linear(low, low + span, 0, 600, 60);
            // A value that misses a round number by a billionth of a step does not earn the axis a further step: a drawing cannot show it.
            var invisible = (1e-8 * span) + 1e-9;
            Assert.True(scale.Low <= low + invisible && scale.High >= low + span - invisible);
            Assert.InRange(scale.Ticks.Count, 2, 13);
            Assert.Equal(scale.Ticks.Count, scale.Ticks.Select(scale.Label).Distinct(StringComparer.Ordinal).Count());
        });

    [Fact]
    public void A_logarithmic_axis_shows_all_values_with_labels_apart() =>
        Gen.Select(Gen.Double[1e-3, 1e6], Gen.Double[1, 1e6]).Sample((low, factor) =>
        {
            var scale = PlotScale.Logarithmic(low, low * factor, 0, 600, 60);
            Assert.True(scale.Low <= low * 1.00001 && scale.High >= low * factor * 0.99999);
            Assert.True(scale.Ticks.Count >= 2);
            Assert.All(scale.Ticks.Zip(scale.Ticks.Skip(1)), pair => Assert.True(scale.At(pair.Second) - scale.At(pair.First) > 20));
        });

    [Fact]
    public void Labels_are_spread_until_none_covers_another() =>
        Gen.Double[30, 200].Array[1, 8].Sample(wanted =>
        {
            var spread = LabelSpread.Apart([.. wanted.Order()], 30, 200);
            Assert.All(spread.Zip(spread.Skip(1)), pair => Assert.True(pair.Second - pair.First >= LabelSpread.Comfortable - 0.001));
            Assert.True(spread[^1] <= 200.001 && spread[0] >= 29.999);
        });

    [Fact]
    public void A_reduced_trace_keeps_its_extremes_its_order_and_its_gaps()
    {
        var times = Enumerable.Range(0, 100_000).Select(i => i * 0.001).ToArray();
        var watts = times.Select(t => 100 + (10 * Math.Sin(t))).ToArray();
        (watts[31_415], watts[62_830], watts[50_000]) = (900, 1, double.NaN);

        var (reducedTimes, reduced) = TraceEnvelope.Reduce(times, watts, 500);

        Assert.InRange(reduced.Length, 500, 1500);
        Assert.Equal(900, reduced.Where(double.IsFinite).Max());
        Assert.Equal(1, reduced.Where(double.IsFinite).Min());
        Assert.Single(reduced, double.IsNaN);
        Assert.Equal(reducedTimes.Order(), reducedTimes);
        Assert.All(reducedTimes.Zip(reduced), point => Assert.Equal(watts[(int)Math.Round(point.First * 1000)], point.Second));
    }

    [Theory]
    [InlineData(1234.567, 6.21, "1234.6 ± 6.2\u202fJ")]
    [InlineData(123456.7, 1234.0, "123\u202f457 ± 1234\u202fJ")]
    [InlineData(-0.04, 0.0123, "−0.040 ± 0.012\u202fJ")]
    [InlineData(5.0, null, "5.000\u202fJ ± unknown")]
    [InlineData(null, 1.0, "—")]
    [InlineData(double.NaN, 1.0, "—")]
    public void A_figure_has_as_many_digits_as_its_uncertainty_supports(double? value, double? u, string expected) =>
        Assert.Equal(expected, Figures.Measured(value, u, "J"));

    [Fact]
    public void A_negative_value_that_rounds_to_zero_has_no_sign() => Assert.Equal("0.0", Figures.Number(-0.01, 1));

    [Fact]
    public void Two_meters_on_one_scope_are_judged_against_both_uncertainties()
    {
        var run = SyntheticCampaign.Input().Results.Runs[2];
        Assert.Equal(("—", "reference"), MetersSection.Compare(run, run.Meters[0]));
        Assert.StartsWith("differ", MetersSection.Compare(run, run.Meters[1]).Judgement, StringComparison.Ordinal);
        Assert.Equal("agree", MetersSection.Compare(run, run.Meters[1] with { UncertaintyJ = 400 }).Judgement);
        Assert.Equal("uncertainty unknown", MetersSection.Compare(run, run.Meters[1] with { UncertaintyJ = null }).Judgement);
    }

    [Fact]
    public void A_large_campaign_shows_traces_of_every_kind_of_work()
    {
        var chosen = TraceSelection.Choose(SyntheticCampaign.Input(runs: 500).Results, limit: 10);
        Assert.Equal(10, chosen.Count);
        Assert.Equal(2, chosen.Select(run => run.Workload).Distinct(StringComparer.Ordinal).Count());
        Assert.All(chosen, run => Assert.True(run.Valid));
    }
}
