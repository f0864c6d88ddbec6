using MeterLab.Estimators;
using MeterLab.Measurement;
using MeterLab.Orchestrator.Campaigns;
using MeterLab.Orchestrator.Rigs;

namespace MeterLab.Orchestrator.Tests.Campaigns;

public sealed class CampaignFileTests : IDisposable
{
    private const string Whole =
        """
        campaign: nightly-vision
        targets: [node1]
        workloads:
          - name: classify
            run: [./classify.sh, --model, "{model}", --batch, "{batch}"]
            parameters: { model: [resnet50, vgg16], batch: [4, 16] }
            device: gpu
            upload: [classify.sh]
            timeout: 20min
          - name: tidy
            script: |
              echo hello
        repetitions: 3
        order: shuffled
        seed: 7
        estimators: [ml-co2-impact, codecarbon]
        isolate: true
        tolerance: 5%
        phases: { settle: 5s, baseline: 30s, cool-down: 10s, sync: auto }
        schedule: { cron: "0 0 1 * * ?", time-zone: Europe/Berlin }
        """;

    private static readonly Rig Rig = RigFile.Parse("rig: r\ntargets: { node1: { local: true }, node2: { local: true } }", "rig.yaml");

    private readonly string _folder = Directory.CreateTempSubdirectory("meterlab-test-").FullName;

    public CampaignFileTests() => File.WriteAllText(Path.Combine(_folder, "classify.sh"), "#!/bin/sh\n");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_contracts_example_is_read_with_every_key()
    {
        var campaign = Parse(Whole);

        Assert.Equal("nightly-vision", campaign.Name);
        Assert.Equal(["node1"], campaign.Targets);
        var classify = campaign.Workloads[0];
        Assert.Equal(["./classify.sh", "--model", "{model}", "--batch", "{batch}"], classify.Command);
        Assert.Equal(["model", "batch"], classify.Parameters.Select(parameter => parameter.Name));
        Assert.Equal(["4", "16"], classify.Parameters[1].Values);
        Assert.Equal(Device.Gpu, classify.Device);
        Assert.Equal(new UploadFile(Path.Combine(_folder, "classify.sh"), "classify.sh"), Assert.Single(classify.Uploads));
        Assert.Equal(TimeSpan.FromMinutes(20), classify.Timeout);
        Assert.Equal("echo hello", campaign.Workloads[1].Script!.Trim());
        Assert.Equal((3, RunOrder.Shuffled, 7L, true, 0.05),
            (campaign.Repetitions, campaign.Order, campaign.Seed, campaign.Isolate, campaign.Tolerance));
        Assert.Equal(["ml-co2-impact", "codecarbon"], campaign.Estimators!);
        Assert.Equal(PhaseTimes.Default, campaign.Phases);
        Assert.Equal(new CampaignSchedule("0 0 1 * * ?", "Europe/Berlin"), campaign.Schedule);
    }

    [Fact]
    public void The_word_off_switches_the_sync_pattern_off() =>
        Assert.Equal(SyncMode.Off, Parse(Whole.Replace("sync: auto", "sync: off", StringComparison.Ordinal)).Phases.Sync);

    [Theory]
    [InlineData("repetitions: 3", "repetitons: 3", 13, "repetitons", "did you mean 'repetitions'?")]
    [InlineData("repetitions: 3", "repetitions: 0", 13, "repetitions", "1 to 10000 is right")]
    [InlineData("repetitions: 3", "repetitions: three", 13, "repetitions", "a whole number is wanted here, not 'three'")]
    [InlineData("targets: [node1]", "targets: [node3]", 2, "targets[0]", "did you mean 'node1'?")]
    [InlineData("targets: [node1]", "targets: node1", 2, "targets", "a list is wanted here")]
    [InlineData("targets: [node1]", "targets: [node1, node1]", 2, "targets[1]", "stands twice")]
    [InlineData("targets: [node1]", "targets: []", 2, "targets", "at least one target")]
    [InlineData("\"{batch}\"]", "\"{bach}\"]", 5, "workloads[0].run[4]", "did you mean 'batch'?")]
    [InlineData("run: [./classify.sh,", "run: ./classify.sh #", 5, "workloads[0].run", "a list is wanted here")]
    [InlineData("device: gpu", "device: tpu", 7, "workloads[0].device", "did you mean")]
    [InlineData("upload: [classify.sh]", "upload: [classfy.sh]", 8, "workloads[0].upload[0]", "there is no file")]
    [InlineData("upload: [classify.sh]", "upload: [../classify.sh]", 8, "workloads[0].upload[0]", "would leave the run's folder")]
    [InlineData("timeout: 20min", "timeout: 20", 9, "workloads[0].timeout", "has no unit")]
    [InlineData("name: tidy", "name: classify", 10, "workloads[1]", "stands twice")]
    [InlineData("name: tidy", "name: Tidy", 10, "workloads[1].name", "lower-case letters")]
    [InlineData("tolerance: 5%", "tolerance: 5", 18, "tolerance", "has no unit; write for instance 5%")]
    [InlineData("order: shuffled", "order: random", 14, "order", "known here: shuffled, as-written")]
    [InlineData("codecarbon]", "codecarbn]", 16, "estimators[1]", "did you mean 'codecarbon'?")]
    [InlineData("settle: 5s", "settel: 5s", 19, "phases.settel", "did you mean 'settle'?")]
    [InlineData("sync: auto", "sync: none", 19, "phases.sync", "known here: auto, off")]
    [InlineData("0 0 1 * * ?", "0 0 25 * * ?", 20, "schedule.cron", "is no cron expression")]
    [InlineData("0 0 1 * * ?", "every night", 20, "schedule.cron", "is no cron expression")]
    [InlineData("Europe/Berlin", "Europe/Berlinn", 20, "schedule.time-zone", "did you mean 'Europe/Berlin'?")]
    public void Bad_input_names_file_line_key_and_what_would_be_right(string good, string bad, int line, string key, string right)
    {
        var at = Whole.IndexOf(good, StringComparison.Ordinal);
        Assert.True(at >= 0, "the text to replace is in the file");
        var text = string.Concat(Whole.AsSpan(0, at), bad, Whole.AsSpan(at + good.Length));

        var error = Assert.Throws<ConfigurationException>(() => Parse(text));

        Assert.Equal((Path.Combine(_folder, "campaign.yaml"), line, key), (error.File, error.Line, error.Key));
        Assert.Contains(right, error.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Problem);
    }

    [Fact]
    public void A_workload_is_a_command_or_a_script_not_both()
    {
        var error = Assert.Throws<ConfigurationException>(() =>
            Parse("campaign: c\ntargets: [node1]\nworkloads:\n  - { name: a, run: [x], script: y }\n"));

        Assert.Equal((4, "workloads[0]"), (error.Line, error.Key));
    }

    [Fact]
    public void A_script_takes_its_parameters_from_variables_and_says_so()
    {
        const string Text = "campaign: c\ntargets: [node1]\nworkloads:\n  - { name: a, script: 'MARK', parameters: { batch-size: [1] } }\n";

        var error = Assert.Throws<ConfigurationException>(() => Parse(Text.Replace("MARK", "run {batch-size}", StringComparison.Ordinal)));

        Assert.Contains("write \"$batch_size\"", error.Problem, StringComparison.Ordinal);
        Assert.Equal("run ${batch_size}", Parse(Text.Replace("MARK", "run ${batch_size}", StringComparison.Ordinal)).Workloads[0].Script);
    }

    private Campaign Parse(string text) => CampaignFile.Parse(text, Path.Combine(_folder, "campaign.yaml"), Rig);
}
