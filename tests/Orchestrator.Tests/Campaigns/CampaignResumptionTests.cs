using MeterLab.Measurement;
using MeterLab.Measurement.Clocks;
using MeterLab.MeterDrivers;
using MeterLab.Orchestrator.Campaigns;
using MeterLab.Orchestrator.Rigs;
using MeterLab.Orchestrator.Targets;
using MeterLab.Storage;
using MeterLab.Storage.Campaigns;

namespace MeterLab.Orchestrator.Tests.Campaigns;

/// <summary>What is left of a campaign, from the store's rows and the files as they are now.</summary>
public sealed class CampaignResumptionTests : IDisposable
{
    private const string RigText = """
        rig: bench
        meters:
          wall: { uri: "modbus-tcp://127.0.0.1:1/1?model=eastron-sdm230", interval: 200ms }
          spare: { uri: "modbus-tcp://127.0.0.1:2/1?model=eastron-sdm230", interval: 200ms }
        targets:
          node1: { local: true, fed-by: [ { channel: wall/total, scope: wall-ac } ] }
        """;

    private const string CampaignText = """
        campaign: nightly
        targets: [node1]
        workloads:
          - { name: work, run: [./work.sh, "{model}"], parameters: { model: [a, b, c] }, upload: [work.sh], device: cpu }
        repetitions: 2
        seed: 11
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("meterlab-resume-");
    private readonly Store _store;

    public CampaignResumptionTests()
    {
        _store = Store.Open(Path.Combine(_folder.FullName, "lab.db"), new StoreOptions { Clock = new SystemHostClock(), Version = "1.2.3" });
        Write("rig.yaml", RigText);
        Write("campaign.yaml", CampaignText);
        Write("work.sh", "#!/bin/sh\n");
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Runs_that_were_never_begun_or_cut_off_are_made_in_the_plans_own_order()
    {
        var (id, names) = Begin();
        // The shuffle is the seed's, and not the file's order.
        Assert.NotEqual(names.Order(StringComparer.Ordinal), names);
        Set(id, names[0], RunState.Finished, RunOutcome.Passed);
        Set(id, names[1], RunState.Finished, RunOutcome.Error);
        Set(id, names[2], RunState.Finished, RunOutcome.Aborted);
        Set(id, names[3], RunState.Running, null);
        _store.Campaigns.SetState(id, CampaignState.Interrupted);

        var left = CampaignResumption.Of(_store, "nightly", Rig());

        Assert.Equal([$"{names[2]}-again", $"{names[3]}-again", names[4], names[5]], left.Plan.Runs.Select(run => run.Name));
        Assert.Equal(_store.Runs.OfCampaign(id).Skip(2).Select(row => row.Parameters), left.Plan.Runs.Select(run => DocumentJson.Write(run.Parameters)));
        var told = Assert.Single(left.Findings);
        Assert.Equal(("resumed", Severity.Warning), (told.Rule, told.Severity));
        Assert.Contains("4 of 6 runs were missing, of which 2 had been cut off", told.Detail, StringComparison.Ordinal);
        // Looking changes nothing.
        Assert.Equal(6, _store.Runs.OfCampaign(id).Count);
        Assert.Empty(_store.Findings.OfCampaign(id));
    }

    [Fact]
    public void What_was_cut_off_keeps_its_row_and_a_third_attempt_has_a_name_of_its_own()
    {
        var (id, names) = Begin();
        Set(id, names[0], RunState.Running, null);
        _store.Campaigns.SetState(id, CampaignState.Failed);
        CampaignRegister.AddAgain(Lab(), CampaignResumption.Of(_store, id, Rig()));

        var rows = _store.Runs.OfCampaign(id);
        Assert.Equal((RunState.Finished, RunOutcome.Aborted), (rows[0].State, rows[0].Outcome!.Value));
        Assert.Contains("ended without a word during this run", rows[0].Record, StringComparison.Ordinal);
        Assert.Equal(($"{id}.{names[0]}-again", RunState.Planned, rows[0].Parameters), (rows[6].Id, rows[6].State, rows[6].Parameters));
        Assert.Equal(CampaignState.Running, _store.Campaigns.Get(id).State);

        Set(id, names[0] + "-again", RunState.Running, null);
        var left = CampaignResumption.Of(_store, id, Rig());
        Assert.Equal([$"{names[0]}-again-2", .. names[1..]], left.Plan.Runs.Select(run => run.Name));
        Set(id, names[0] + "-again", RunState.Finished, RunOutcome.Passed);
        Assert.Equal(names[1..], CampaignResumption.Of(_store, id, Rig()).Plan.Runs.Select(run => run.Name));
    }

    [Theory]
    [InlineData(CampaignState.Finished)]
    [InlineData(CampaignState.Aborted)]
    public void Nothing_is_left_of_one_that_ended(CampaignState state)
    {
        var (id, _) = Begin();
        _store.Campaigns.SetState(id, state);

        Assert.Contains("nothing is left of it to resume", Assert.Throws<ConfigurationException>(() => CampaignResumption.Of(_store, id, Rig())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_campaign_has_its_own_text_whatever_became_of_the_file()
    {
        var (id, names) = Begin();
        Write("campaign.yaml", CampaignText.Replace("[a, b, c]", "[x]", StringComparison.Ordinal));

        Assert.Equal(names, CampaignResumption.Of(_store, id, Rig()).Plan.Runs.Select(run => run.Name));
    }

    [Fact]
    public void A_secret_that_was_left_out_must_come_from_the_file()
    {
        Write("campaign.yaml", CampaignText.Replace("./work.sh", "https://ada:geheim@host/x", StringComparison.Ordinal));
        var (id, _) = Begin();
        Assert.Equal("https://ada:geheim@host/x", CampaignResumption.Of(_store, id, Rig()).Plan.Runs[0].Command![0]);
        File.Delete(Path.Combine(_folder.FullName, "campaign.yaml"));

        Assert.Contains("put the file back", Assert.Throws<ConfigurationException>(() => CampaignResumption.Of(_store, id, Rig())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rig: bench", "rig: other", "ran on the rig 'bench'")]
    [InlineData("wall/total", "spare/total", "two wirings are two campaigns")]
    public void Another_rig_or_other_wiring_is_another_campaign(string was, string becomes, string why)
    {
        var (id, _) = Begin();
        Write("rig.yaml", RigText.Replace(was, becomes, StringComparison.Ordinal));

        Assert.Contains(why, Assert.Throws<ConfigurationException>(() => CampaignResumption.Of(_store, id, Rig())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_changes_of_the_files_are_told()
    {
        var (id, _) = Begin();
        Write("rig.yaml", RigText.Replace("interval: 200ms", "interval: 400ms", StringComparison.Ordinal));
        Write("work.sh", "#!/bin/sh\nexit 0\n");

        Assert.Equal(["resumed", "rig-changed", "upload-changed"], CampaignResumption.Of(_store, id, Rig()).Findings.Select(finding => finding.Rule));
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);

    private Rig Rig() => RigFile.Load(Path.Combine(_folder.FullName, "rig.yaml"));

    private LabContext Lab() => new()
    {
        Store = _store, Meters = new MeterFactory(new MeterEnvironment { Clock = new SystemHostClock(), ProfileDirectory = _folder.FullName }, []),
        OpenTarget = (_, _) => throw new InvalidOperationException("no target is opened here"), Clock = new SystemHostClock(), Version = "1.2.3",
    };

    private (string Id, string[] Names) Begin()
    {
        var file = Path.Combine(_folder.FullName, "campaign.yaml");
        var plan = CampaignPlan.For(CampaignFile.Load(file, Rig()), Rig());
        return (CampaignRegister.Add(Lab(), plan, Rig(), CampaignTexts.Load(Path.Combine(_folder.FullName, "rig.yaml"), file)), [.. plan.Runs.Select(run => run.Name)]);
    }

    private void Set(string id, string name, RunState state, RunOutcome? outcome) =>
        _store.Runs.Update(_store.Runs.Get($"{id}.{name}") with { State = state, Outcome = outcome, Record = DocumentJson.Write(new RunDocument()) });
}
