using MeterLab.Measurement;
using MeterLab.Measurement.Clocks;
using MeterLab.Storage.Campaigns;
using MeterLab.Storage.Clocks;
using MeterLab.Storage.Meters;
using MeterLab.Storage.Results;

namespace MeterLab.Storage.Tests;

public sealed class RecordStoresTests : IDisposable
{
    private readonly StoreFolder _folder = new();
    private readonly Store _store;

    public RecordStoresTests() => _store = _folder.OpenWithCampaign();

    [Fact]
    public void A_campaign_comes_back_as_it_went_in() =>
        Assert.Equal(StoreFolder.NewCampaign(StoreFolder.Campaign, "demo") with { MeterlabVersion = "1.2.3" }, _store.Campaigns.Get(StoreFolder.Campaign));

    [Fact]
    public void A_bare_name_means_the_latest_and_an_id_means_itself()
    {
        _store.Campaigns.Add(StoreFolder.NewCampaign("demo-later", "demo", 1_767_225_600_000_000_001));
        _store.Campaigns.Add(StoreFolder.NewCampaign("other-1", "other", 1_767_225_600_000_000_002));
        Assert.Equal("demo-later", _store.Campaigns.Get("demo").Id);
        Assert.Equal(StoreFolder.Campaign, _store.Campaigns.Get(StoreFolder.Campaign).Id);
        Assert.Equal(["other-1", "demo-later", StoreFolder.Campaign], _store.Campaigns.List().Select(campaign => campaign.Id));
        Assert.Null(_store.Campaigns.Find("nothing"));
        Assert.Equal(StoreFailure.NotFound, Assert.Throws<StoreException>(() => _store.Campaigns.Get("nothing")).Failure);
    }

    [Fact]
    public void An_id_is_the_name_and_a_utc_stamp() =>
        Assert.Equal("nightly-vision-20260101T000000Z", CampaignStore.NewId("nightly-vision", 1_767_225_600_999_999_999));

    [Fact]
    public void A_second_campaign_of_a_name_within_the_same_second_gets_a_number()
    {
        const long Moment = 1_767_225_600_000_000_000;
        for (var i = 0; i < 3; i++)
            _store.Campaigns.Add(StoreFolder.NewCampaign(_store.Campaigns.FreeId("nightly", Moment + i), "nightly", Moment + i));
        Assert.Equal(
            ["nightly-20260101T000000Z-3", "nightly-20260101T000000Z-2", "nightly-20260101T000000Z"],
            _store.Campaigns.List().Where(campaign => campaign.Name == "nightly").Select(campaign => campaign.Id));
    }

    [Fact]
    public void The_same_campaign_twice_is_a_conflict() =>
        Assert.Equal(StoreFailure.Conflict, Assert.Throws<StoreException>(() => _store.Campaigns.Add(StoreFolder.NewCampaign(StoreFolder.Campaign, "demo"))).Failure);

    [Fact]
    public void A_campaign_ends_with_a_stamp_and_a_resumed_one_has_none()
    {
        _store.Campaigns.SetState(StoreFolder.Campaign, CampaignState.Interrupted);
        var interrupted = _store.Campaigns.Get(StoreFolder.Campaign);
        Assert.Equal((CampaignState.Interrupted, _folder.Clock.Anchor().UtcNs), (interrupted.State, interrupted.EndedUtcNs!.Value));
        _store.Campaigns.SetState(StoreFolder.Campaign, CampaignState.Running);
        Assert.Null(_store.Campaigns.Get(StoreFolder.Campaign).EndedUtcNs);
    }

    [Theory]
    [InlineData(RunOutcome.Passed)]
    [InlineData(RunOutcome.Failed)]
    [InlineData(RunOutcome.Error)]
    [InlineData(RunOutcome.TimedOut)]
    [InlineData(RunOutcome.Aborted)]
    public void A_run_comes_back_with_what_became_of_it(RunOutcome outcome)
    {
        var planned = StoreFolder.NewRun(StoreFolder.Run, 0);
        Assert.Equal(planned, _store.Runs.Get(StoreFolder.Run));
        var ended = planned with
        {
            State = RunState.Finished, Outcome = outcome, StartTargetNs = 1_767_225_600_123_456_789, EndTargetNs = long.MaxValue, ExitCode = -1, Record = """{"a":1}""",
        };
        _store.Runs.Update(ended);
        Assert.Equal([ended], _store.Runs.OfCampaign(StoreFolder.Campaign));
    }

    [Fact]
    public void A_plan_goes_in_whole_or_not_at_all()
    {
        Assert.Throws<StoreException>(() => _store.Runs.Add([StoreFolder.NewRun("r2", 1), StoreFolder.NewRun("r3", 1)]));
        Assert.Null(_store.Runs.Find("r2"));
        Assert.Equal(StoreFailure.NotFound, Assert.Throws<StoreException>(() => _store.Runs.Update(StoreFolder.NewRun("r2", 1))).Failure);
    }

    [Fact]
    public void A_step_that_a_killed_process_left_is_seen_by_the_next()
    {
        var done = _store.Steps.Start(StoreFolder.Campaign, null, "preflight");
        _folder.Clock.Advance(TimeSpan.FromSeconds(2));
        _store.Steps.Finish(done, "all well");
        _store.Steps.Start(StoreFolder.Campaign, StoreFolder.Run, "workload", "folder /tmp/x");
        _store.Dispose();

        using var next = _folder.Open();
        var failed = next.Steps.Start(StoreFolder.Campaign, StoreFolder.Run, "reattach");
        next.Steps.Fail(failed, "gone");
        var steps = next.Steps.OfCampaign(StoreFolder.Campaign);
        Assert.Equal([(StepState.Finished, false), (StepState.Started, false), (StepState.Failed, true)], steps.Select(step => (step.State, step.Current)));
        Assert.Equal(("all well", 2_000_000_000), (steps[0].Detail, steps[0].EndedNs - steps[0].StartedNs));
        Assert.Equal(("folder /tmp/x", null), (steps[1].Detail, steps[1].EndedNs));
        Assert.Equal("boot-1", steps[1].Boot);
        Assert.Throws<ArgumentException>(() => next.Steps.Finish(failed));
    }

    [Fact]
    public void The_last_word_on_a_run_decides_whether_it_is_excluded()
    {
        _store.Notes.Add(StoreFolder.Run, NoteKind.Note, "ada", "the fan was loud");
        Assert.Empty(_store.Notes.ExcludedIn(StoreFolder.Campaign));
        _store.Notes.Add(StoreFolder.Run, NoteKind.Exclude, "ada", "somebody opened the door");
        Assert.Equal("somebody opened the door", _store.Notes.ExcludedIn(StoreFolder.Campaign)[StoreFolder.Run].Text);
        _store.Notes.Add(StoreFolder.Run, NoteKind.Include, "bob", "the door was another room's");
        Assert.Empty(_store.Notes.ExcludedIn(StoreFolder.Campaign));
        Assert.Equal(3, _store.Notes.OfCampaign(StoreFolder.Campaign).Count);
    }

    [Fact]
    public void Findings_come_back_in_order()
    {
        var first = new Finding("clock-step", Severity.Invalid, "the clock of node1 stepped by 3 s");
        _store.Findings.Add(StoreFolder.Campaign, StoreFolder.Run, first);
        _store.Findings.Add(StoreFolder.Campaign, null, first with { Severity = Severity.Note });
        var back = _store.Findings.OfCampaign(StoreFolder.Campaign);
        Assert.Equal([first, first with { Severity = Severity.Note }], back.Select(row => row.Finding));
        Assert.Equal([StoreFolder.Run, null], back.Select(row => row.Run));
    }

    [Fact]
    public void Anchors_and_observations_come_back_with_their_boot()
    {
        var anchor = new HostAnchor(1, 2, 1_767_225_600_123_456_789, 3);
        var observation = new SyncObservation(-5, 1_767_225_600_123_456_789, 7, 1000);
        _store.Clocks.AddAnchor(StoreFolder.Campaign, anchor);
        _store.Clocks.AddObservations(StoreFolder.Campaign, StoreFolder.Run, ClockId.Target("node1"), [observation, observation with { AfterNs = 9 }]);

        var back = Assert.Single(_store.Clocks.Anchors(StoreFolder.Campaign));
        Assert.Equal(("boot-1", anchor), (back.Boot, back.Anchor));
        var observations = _store.Clocks.Observations(StoreFolder.Campaign, ClockId.Target("node1"));
        Assert.Equal([observation, observation with { AfterNs = 9 }], observations.Select(row => row.Observation));
        Assert.All(observations, row => Assert.Equal((ClockId.Target("node1"), "boot-1", StoreFolder.Run), (row.Clock, row.Boot, row.Run)));
        Assert.Empty(_store.Clocks.Observations(StoreFolder.Campaign, ClockId.Target("node2")));
    }

    [Fact]
    public void A_clock_map_comes_back_to_the_last_bit()
    {
        var map = new ClockMap
        {
            From = ClockId.Target("node1"), To = ClockId.HostMonotonic, ReferenceNs = 1_767_225_600_123_456_789, OffsetNs = long.MinValue / 3,
            OffsetFractionNs = 0.1 + 0.2, Rate = -1.0 / 3e6, OffsetUncertaintyNs = double.PositiveInfinity, RateUncertainty = double.Epsilon,
            OffsetRateCovariance = -0.0, ValidFromNs = long.MinValue, ValidToNs = long.MaxValue,
        };
        var id = _store.Clocks.AddMap(new ClockMapRecord { Campaign = StoreFolder.Campaign, Inputs = """{"observations":[1,2]}""", Map = map });
        var back = Assert.Single(_store.Clocks.Maps(StoreFolder.Campaign));
        Assert.Equal((id, map, "1.2.3"), (back.Id, back.Map, back.CodeVersion));
    }

    [Fact]
    public void Settings_before_and_after_stand_side_by_side()
    {
        var before = new MeterSettingsRecord { Campaign = StoreFolder.Campaign, Meter = "wall", Moment = SettingsMoment.Before, Identity = """{"serial":"7"}""", Settings = "{}" };
        _store.Meters.AddSettings(before);
        _store.Meters.AddSettings(before with { Moment = SettingsMoment.After });
        Assert.Equal([SettingsMoment.Before, SettingsMoment.After], _store.Meters.Settings(StoreFolder.Campaign).Select(row => row.Moment));
    }

    [Fact]
    public void An_estimators_file_comes_back_byte_for_byte_and_is_kept_once()
    {
        byte[] content = [0, 255, 10, 13, 0];
        for (var i = 0; i < 2; i++)
            _store.Outputs.Add(StoreFolder.Run, "codecarbon", "emissions.csv", content);
        _store.Outputs.Add(StoreFolder.Run, "codecarbon", "emissions.csv", ReadOnlyMemory<byte>.Empty);
        var files = _store.Outputs.OfRun(StoreFolder.Run);
        Assert.Equal(2, files.Count);
        Assert.Equal(content, files[0].Content.ToArray());
        Assert.Equal(64, files[0].Sha256.Length);
        Assert.True(files[1].Content.IsEmpty);
    }

    [Fact]
    public void A_new_result_stands_beside_the_old()
    {
        var first = new ResultRecord { Campaign = StoreFolder.Campaign, Kind = "campaign-results", Inputs = """{"maps":[1]}""", Document = """{"v":1}""" };
        _store.Results.Add(first);
        var id = _store.Results.Add(first with { Document = """{"v":2}""" });
        _store.Results.Add(first with { Kind = "calibration" });
        var latest = _store.Results.Latest(StoreFolder.Campaign, "campaign-results")!;
        Assert.Equal((id, """{"v":2}""", "1.2.3"), (latest.Id, latest.Document, latest.CodeVersion));
        Assert.Equal(3, _store.Results.OfCampaign(StoreFolder.Campaign).Count);
    }

    [Fact]
    public void A_targets_baselines_keep_their_history()
    {
        var old = new BaselineRecord
        {
            Campaign = StoreFolder.Campaign, Target = "node1", Scope = "wall-ac", MeasuredUtcNs = 1, ValidUntilUtcNs = 2, StaticW = 41, StandardUncertaintyW = 0.25, Fingerprint = "f",
        };
        var oldId = _store.Baselines.Add(old);
        var newId = _store.Baselines.Add(old with { Campaign = null, MeasuredUtcNs = 5, ValidUntilUtcNs = null, StaticW = 42.5 });
        _store.Baselines.Add(old with { Scope = "gpu-dc", MeasuredUtcNs = 9 });
        Assert.Equal(newId, _store.Baselines.Latest("node1", "wall-ac")!.Id);
        Assert.Equal(old with { Id = oldId }, _store.Baselines.History("node1")[0]);
        Assert.Null(_store.Baselines.Latest("node2", "wall-ac"));
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }
}
