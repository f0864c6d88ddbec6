using MeterLab.Estimators;
using MeterLab.Orchestrator.Baselines;
using MeterLab.Orchestrator.Campaigns;
using MeterLab.Orchestrator.Rigs;

namespace MeterLab.VirtualRig.Tests.Baselines;

/// <summary>What a campaign measures before its runs stands beside the baselines that were measured by themselves.</summary>
public sealed class CampaignBaselineTests : IAsyncDisposable
{
    private readonly BaselineBench _bench = new(estimators: [new TargetEstimator("ml-co2-impact", new EstimatorSettings())]);

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Its_long_one_is_kept_compared_and_the_next_campaigns_is_compared_with_it()
    {
        var first = await _bench.RunCampaignAsync("8s");

        var kept = Assert.Single(History());
        Assert.Equal(first.Id, kept.Campaign);
        Assert.Equal(first.Id, Assert.Single(_bench.Store.Baselines.History("node1")).Campaign);
        Assert.InRange(Math.Abs(kept.StaticW - BaselineBench.Wall(21)), 0, kept.UncertaintyW!.Value);
        Assert.Equal(8, kept.DurationS, 0.5);
        Assert.Equal(16, kept.Fingerprint.Length);
        Assert.NotEmpty(kept.Machine);
        Assert.NotEmpty(kept.State);
        Assert.Equal(["wall/total"], kept.Channels);
        Assert.Equal(7, (DateTimeOffset.Parse(kept.ValidUntil!, null) - DateTimeOffset.Parse(kept.Measured, null)).TotalDays, 1e-6);
        Assert.NotEmpty(_bench.Store.Traces.Samples(Assert.Single(kept.Traces), long.MinValue / 4, long.MaxValue / 4, []));
        Assert.Contains(first.Findings, finding => finding.Rule == "baseline-first");

        var second = await _bench.RunCampaignAsync("4s");

        var history = History();
        Assert.Equal([first.Id, second.Id], history.Select(one => one.Campaign!));
        Assert.Equal(kept.Measured, history[1].Change!.Since);
        Assert.Contains(second.Findings, finding => finding.Rule is "baseline-compared" or "baseline-change" && finding.Detail.StartsWith("node1: ", StringComparison.Ordinal));
        // It said how it compares when it was kept; the older rule does not say it again.
        Assert.DoesNotContain(second.Findings, finding => finding.Rule == "baseline-differs");

        // Worked out again, nothing is kept twice.
        new CampaignRunner(_bench.Lab).Conclude(second.Id);
        await CampaignBaselines.KeepAsync(_bench.Store, second.Id, TestContext.Current.CancellationToken);
        Assert.Equal(2, History().Count);
    }

    [Fact]
    public async Task One_that_is_too_short_is_not_kept_and_that_is_said()
    {
        var results = await _bench.RunCampaignAsync("500ms");

        Assert.Empty(History());
        var finding = Assert.Single(results.Findings, finding => finding.Rule == "not-kept");
        Assert.Contains("hold fewer than 16 means", finding.Detail, StringComparison.Ordinal);
    }

    private IReadOnlyList<BaselineResult> History() => BaselineMeter.History(_bench.Store.Baselines, "node1", "wall-ac");
}
