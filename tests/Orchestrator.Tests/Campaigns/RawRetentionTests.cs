using MeterLab.Measurement;
using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.Orchestrator.Campaigns;
using MeterLab.Storage;
using MeterLab.Storage.Campaigns;
using MeterLab.Storage.Results;
using MeterLab.Storage.Traces;
using MeterLab.TestKit;

namespace MeterLab.Orchestrator.Tests.Campaigns;

/// <summary>Whose raw samples may go by which rule, and why the others stay.</summary>
public sealed class RawRetentionTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("meterlab-retention-");
    private readonly FakeHostClock _clock = new();
    private readonly Store _store;

    public RawRetentionTests() => _store = Store.Open(Path.Combine(_folder.FullName, "lab.db"), new StoreOptions { Clock = _clock });

    private long NowUtcNs => _clock.Anchor().UtcNs;

    public void Dispose()
    {
        _store.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Old_campaigns_go_but_the_latest_of_a_name_and_those_whose_figures_are_nowhere_else()
    {
        var oldest = await CampaignAsync("nightly", CampaignState.Finished);
        var unworked = await CampaignAsync("nightly", CampaignState.Finished, hasResults: false);
        var interrupted = await CampaignAsync("nightly", CampaignState.Interrupted);
        var killed = await CampaignAsync("nightly", CampaignState.Running);
        _clock.Advance(TimeSpan.FromDays(40));
        var younger = await CampaignAsync("nightly", CampaignState.Finished);
        var latest = await CampaignAsync("nightly", CampaignState.Finished);
        var only = await CampaignAsync("weekly", CampaignState.Finished);

        var plan = RawRetention.Plan(_store, new RetentionRule(TimeSpan.FromDays(30), 1, []), NowUtcNs);

        Assert.Equal([oldest], plan.Go.Select(share => share.Campaign!));
        var stay = plan.Stay.ToDictionary(one => one.What, one => one.Reason);
        Assert.Equal([unworked, interrupted, killed, younger, latest, only], plan.Stay.Select(one => one.What));
        Assert.Contains("meterlab reconcile " + unworked, stay[unworked], StringComparison.Ordinal);
        Assert.Contains("resumed", stay[interrupted], StringComparison.Ordinal);
        Assert.Contains("killed", stay[killed], StringComparison.Ordinal);
        Assert.Equal("0.0 days old", stay[younger]);
        Assert.Equal("one of the latest 1 of its name", stay[latest]);
        Assert.Equal("one of the latest 1 of its name", stay[only]);
        // Nothing has been removed by looking.
        Assert.Equal(7, _store.Pruning.Shares().Count);
    }

    [Fact]
    public async Task A_campaign_that_is_named_by_its_id_goes_however_young()
    {
        var (named, other) = (await CampaignAsync("nightly", CampaignState.Interrupted), await CampaignAsync("nightly", CampaignState.Finished));

        var plan = RawRetention.Plan(_store, new RetentionRule(null, 1, [named]), NowUtcNs);

        Assert.Equal((named, other, "not named"), (plan.Go.Single().Campaign, plan.Stay.Single().What, plan.Stay.Single().Reason));
    }

    [Fact]
    public async Task Baselines_go_by_their_own_age_and_the_latest_of_a_target_stays()
    {
        var first = await RecordAsync(null);
        Baseline(first);
        _clock.Advance(TimeSpan.FromDays(40));
        var second = await RecordAsync(null);
        Baseline(second);
        _clock.Advance(TimeSpan.FromDays(40));

        var plan = RawRetention.Plan(_store, new RetentionRule(TimeSpan.FromDays(30), 1, []), NowUtcNs);

        Assert.Equal((first, $"trace {second}"), (plan.Go.Single().Trace, plan.Stay.Single().What));
        Assert.Equal(2, RawRetention.Plan(_store, new RetentionRule(TimeSpan.FromDays(30), 0, []), NowUtcNs).Go.Count);
    }

    [Fact]
    public async Task A_rule_that_says_nothing_and_a_name_instead_of_an_id_are_refused()
    {
        var id = await CampaignAsync("nightly", CampaignState.Finished);

        Assert.Contains("--older-than", Assert.Throws<ConfigurationException>(() => RawRetention.Plan(_store, new RetentionRule(null, 1, []), NowUtcNs)).Message, StringComparison.Ordinal);
        Assert.Contains(id, Assert.Throws<ConfigurationException>(() => RawRetention.Plan(_store, new RetentionRule(null, 1, ["nightly"]), NowUtcNs)).Message, StringComparison.Ordinal);
        Assert.Throws<StoreException>(() => RawRetention.Plan(_store, new RetentionRule(null, 1, ["none"]), NowUtcNs));
    }

    private async Task<string> CampaignAsync(string name, CampaignState state, bool hasResults = true)
    {
        _clock.Advance(TimeSpan.FromMinutes(1));
        var id = CampaignStore.NewId(name, NowUtcNs);
        _store.Campaigns.Add(new CampaignRecord { Id = id, Name = name, Rig = "bench", StartedUtcNs = NowUtcNs, TolerancePct = 5, Plan = "{}", RigText = "", CampaignText = "" });
        await RecordAsync(id);
        if (hasResults)
            _store.Results.Add(new ResultRecord { Campaign = id, Kind = CampaignRunner.ResultKind, Inputs = "{}", Document = "{}" });
        _store.Campaigns.SetState(id, state);
        return id;
    }

    private async Task<long> RecordAsync(string? campaign)
    {
        await using var recorder = _store.Traces.Record(campaign);
        var input = recorder.Add(new TraceRecord
        {
            MeterUri = "virtual://wall",
            Description = new TraceDescription
            {
                Channel = new ChannelId("wall", "total"), Quantity = Quantity.ActivePower, Scale = new LinearScale(1), IntervalSeconds = 0.1, Response = new MeterResponse(0.1, 0.1, 0.1),
            },
        });
        input.Accept(new RawSample(1, 2, 0, 100, SampleFlags.None));
        await recorder.StopAsync(TestContext.Current.CancellationToken);
        return input.Trace;
    }

    private void Baseline(long trace) => _store.Baselines.Add(new BaselineRecord
    {
        Target = "node1", Scope = "wall-ac", MeasuredUtcNs = NowUtcNs, StaticW = 50, StandardUncertaintyW = 0.1, Fingerprint = "x",
        Document = System.Text.Json.JsonSerializer.Serialize(new Orchestrator.Baselines.BaselineResult
        {
            Target = "node1", Scope = "wall-ac", StaticW = 50, DurationS = 60, Steady = true, Measured = "2026-01-01T00:00:00Z", Fingerprint = "x", Traces = [trace],
        }, Orchestrator.Reports.ResultsJson.Options),
    });
}
