using CsCheck;

using MeterLab.Cli.Rendering.Html.Plots;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Cli.Tests.Reports;

/// <summary>What a large campaign's report leaves out, and what it must not.</summary>
public sealed class ThinningTests
{
    [Fact]
    public void Thinned_points_keep_their_order_and_their_extremes() =>
        Gen.Double[-1e3, 1e3].Array[1, 300].Select(Gen.Int[3, 60]).Sample((values, limit) =>
        {
            var kept = RunSelection.Thin([.. values.Select((value, i) => (Value: value, Place: i))], limit, point => point.Value);
            Assert.True(kept.Count <= Math.Max(limit, 3) || kept.Count == values.Length);
            Assert.Equal(kept.Select(point => point.Place).Order(), kept.Select(point => point.Place));
            Assert.Equal(values.Min(), kept.Min(point => point.Value));
            Assert.Equal(values.Max(), kept.Max(point => point.Value));
            Assert.True(kept.Count >= Math.Min(limit - 2, values.Length));
        });

    [Fact]
    public void A_large_campaign_lists_its_invalid_runs_and_every_kind_of_work()
    {
        var results = SyntheticCampaign.Input(runs: 2000).Results;
        var listed = RunSelection.Choose(results);
        Assert.Equal(RunSelection.DefaultLimit, listed.Count);
        Assert.Equal(results.Runs.Count(run => !run.Valid), listed.Count(run => !run.Valid));
        Assert.Equal(2, listed.Select(run => run.Workload).Distinct(StringComparer.Ordinal).Count());
        Assert.Same(results.Runs, RunSelection.Choose(results, 2000));
    }

    [Theory]
    [InlineData("model", "llama3:8b", 8e9)]
    [InlineData("model", "facebook/opt-350m", 350e6)]
    [InlineData("model", "resnet50", null)]
    [InlineData("model", "v2-m", null)]
    [InlineData("parameters", "7.3B", 7.3e9)]
    [InlineData("parameters", "25636712", 25636712.0)]
    [InlineData("parameters", "many", null)]
    [InlineData("parameters", "-3B", null)]
    [InlineData("batch", "16", null)]
    public void The_size_of_a_model_is_read_where_it_is_told(string name, string text, double? size) =>
        Assert.Equal(size, ModelSize.Of(new Dictionary<string, string> { [name] = text }));

    [Fact]
    public void An_axis_of_errors_shows_all_of_them_and_keeps_its_labels_apart() =>
        Gen.Select(Gen.Double[-100, 0], Gen.Double[1, 1e7]).Sample((low, high) =>
        {
            var scale = PlotScale.ForErrors(low, high, 0, 600, 60);
            Assert.True(scale.Low <= low + (1e-8 * (high - low)) && scale.High >= high - (1e-8 * (high - low)));
            Assert.Contains(0.0, scale.Ticks);
            Assert.True(scale.Ticks.Count >= 2);
            Assert.All(scale.Ticks.Zip(scale.Ticks.Skip(1)), pair => Assert.True(scale.At(pair.Second) - scale.At(pair.First) >= 39.9));
            Assert.True(scale.At(low) <= scale.At(high));
        });

    [Fact]
    public void An_error_of_thousands_of_percent_leaves_room_for_the_others()
    {
        var scale = PlotScale.ForErrors(-20, 9000, 0, 600, 60);
        Assert.True(scale.At(10) - scale.At(-10) > 60);
    }
}
