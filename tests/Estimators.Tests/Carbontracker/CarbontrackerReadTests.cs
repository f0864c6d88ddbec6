using System.Globalization;

using MeterLab.Estimators.Carbontracker;
using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.Tests.Carbontracker;

public sealed class CarbontrackerReadTests
{
    private const string Stem = "17391.121151_2026-11-23T122326Z";
    private static readonly string Standard = Fixture.Text($"carbontracker-2.4.3/api-4-epochs/{Stem}_carbontracker.log");
    private static readonly string Output = Fixture.Text($"carbontracker-2.4.3/api-4-epochs/{Stem}_carbontracker_output.log");

    private static EstimatorFile Log(string text, string kind = "") => Fixture.Csv(text, $"{Stem}_carbontracker{kind}.log");

    private static EstimatorOutput Read(params EstimatorFile[] files) => new CarbontrackerEstimator().Read(files);

    private static EstimatorRow Total(params EstimatorFile[] files) => Assert.Single(Read(files).Rows, row => !row.Predicted);

    private static string TwoCards(string gpu, string cpu, string devices = "GPU with device(s) RTX 2.0 A, RTX 2.0 B. CPU with device(s) cpu:0, dram:0.") =>
        $"""
        2026-01-01 10:00:00 - carbontracker version 2.4.3
        2026-01-01 10:00:00 - Only predicted and actual consumptions are multiplied by a PUE coefficient of 1.58 (x).
        2026-01-01 10:00:00 - The following components were found: {devices}
        2026-01-01 10:00:00 - Monitoring thread started.
        2026-01-01 10:01:40 - Epoch 1:
        2026-01-01 10:01:40 - Duration: 0:01:40.00
        2026-01-01 10:01:40 - Average power usage (W) for gpu: {gpu}
        2026-01-01 10:01:40 - Average power usage (W) for cpu: {cpu}
        2026-01-01 10:01:41 - Monitoring thread ended.

        """;

    [Fact]
    public void A_log_alone_is_read_whatever_it_is_called() => Assert.Equal(2163.0, Total(Fixture.Csv(Standard, "yesterday.txt")).EnergyJ!.Value, 1e-6);

    [Fact]
    public void Every_device_of_a_vector_counts_and_memory_is_told_apart()
    {
        var row = Total(Log(TwoCards("[ 64.5  12.5]", "[1.0e+02 5.0e+00]")));

        Assert.Equal(100 * (64.5 + 12.5 + 100 + 5), row.EnergyJ!.Value, 9);
        Assert.Equal(7700, row.ComponentsJ["gpu"], 9);
        Assert.Equal(10_000, row.ComponentsJ["cpu"], 9);
        Assert.Equal(500, row.ComponentsJ["ram"], 9);
    }

    [Fact]
    public void A_vector_over_two_lines_is_one() =>
        Assert.Equal(100 * 36.0, Total(Log(TwoCards("[1. 2. 3. 4.\n 5. 6. 7.]", "8."))).EnergyJ!.Value, 9);

    [Fact]
    public void An_epoch_without_a_sample_takes_its_neighbours_as_the_tool_does()
    {
        var text = TwoCards("None", "50.0").Replace("2026-01-01 10:01:41", """
            2026-01-01 10:01:50 - Epoch 2:
            2026-01-01 10:01:50 - Duration: 0:00:10.00
            2026-01-01 10:01:50 - Average power usage (W) for gpu: 30.0
            2026-01-01 10:01:50 - Average power usage (W) for cpu: 50.0
            2026-01-01 10:01:51
            """, StringComparison.Ordinal);

        var row = Total(Log(text));

        Assert.Equal(110 * 80, row.EnergyJ!.Value, 9);
        Assert.Contains(row.Findings, finding => finding.Rule == "epoch-without-sample");
    }

    [Fact]
    public void A_component_without_any_sample_is_no_energy()
    {
        var row = Total(Log(TwoCards("None", "50.0")));

        Assert.Null(row.EnergyJ);
        Assert.Contains(row.Findings, finding => finding is { Rule: "no-sample", Severity: Severity.Invalid });
    }

    [Theory]
    [InlineData("for cpu: 60")]
    [InlineData("Duration: 0:00:10.0")]
    [InlineData("Epoch 3:")]
    public void A_log_that_was_cut_off_is_no_energy(string lastWords)
    {
        var at = Standard.LastIndexOf(lastWords, StringComparison.Ordinal) + lastWords.Length - 1;

        var row = Total(Log(Standard[..at]));

        Assert.Null(row.EnergyJ);
        Assert.Contains(row.Findings, finding => finding.Rule == "damaged-row" && finding.Detail.Contains("cut off", StringComparison.Ordinal));
    }

    [Fact]
    public void A_log_cut_between_two_epochs_is_found_out_by_the_output_log()
    {
        var cut = Standard[..Standard.LastIndexOf("2026-11-23 12:24:02 - Epoch 4", StringComparison.Ordinal)];

        Assert.Contains("the output log speaks of 4", Assert.Single(Total(Log(cut), Log(Output, "_output")).Findings, finding => finding.Severity == Severity.Invalid).Detail, StringComparison.Ordinal);
        Assert.Contains(Total(Log(cut)).Findings, finding => finding is { Rule: "unfinished", Severity: Severity.Warning });
    }

    [Fact]
    public void Only_the_output_log_gives_its_printed_total_without_pue()
    {
        var row = Total(Log(Output, "_output"));

        Assert.Equal(0.000949292299 * 3.6e6 / 1.58, row.EnergyJ!.Value, 6);
        Assert.Contains(row.Findings, finding => finding.Rule == "printed-total");
        Assert.DoesNotContain(row.Findings, finding => finding.Rule == "pue-unknown");
    }

    [Fact]
    public void An_old_output_log_does_not_tell_its_pue() =>
        Assert.Contains(Total(Log(Output.Replace("gCO2eq", "gCO2", StringComparison.Ordinal), "_output")).Findings, finding => finding.Rule == "pue-unknown");

    [Fact]
    public void The_pue_of_an_older_version_is_taken_from_its_log()
    {
        var rows = Read(Log(Standard.Replace("1.58", "1.55", StringComparison.Ordinal).Replace("2.4.3", "1.2.5", StringComparison.Ordinal)), Log(Output, "_output")).Rows;

        Assert.Equal([1.55, 1.55], rows.Select(row => row.Pue));
        Assert.Equal(0.001053415580 * 3.6e6 / 1.55, rows[0].EnergyJ!.Value, 6);
        Assert.Contains(rows[1].Findings, finding => finding.Rule == "logs-disagree");
    }

    [Fact]
    public void Two_trackers_in_one_folder_stay_two()
    {
        var rows = Read([.. Fixture.Folder("carbontracker-2.4.3/api-4-epochs"), .. Fixture.Folder("carbontracker-2.4.3/predict-10-monitor-3")]).Rows;

        Assert.Equal(4, rows.Count);
        Assert.Equal(["resnet", "resnet"], rows.Where(row => row.Run == "17625.831325").Select(row => row.Project));
    }

    [Fact]
    public void Large_energies_by_rapl_tell_what_a_wrap_loses() =>
        Assert.Contains(Total(Log(TwoCards("300.0", "[400. 20.]"))).Findings, finding => finding.Rule == "rapl-wrap");

    [Fact]
    public void Errors_of_the_tool_are_told() =>
        Assert.Contains(Read(Log(Standard), Log("2026-11-23 12:24:02,933 - Thread-1 - CRITICAL - no permission\n", "_err")).Findings, finding => finding.Rule == "tool-error");

    [Theory]
    [InlineData("")]
    [InlineData("timestamp,project_name\n")]
    public void What_is_none_of_its_logs_is_refused(string text) =>
        Assert.Contains("carbontracker.log is wanted", Assert.Throws<ConfigurationException>(() => Read(Fixture.Csv(text))).Message, StringComparison.Ordinal);

    [Fact]
    public void It_is_attributed_by_time_and_old_logs_are_refused()
    {
        var end = (DateTimeOffset.Parse("2026-11-23T12:24:02Z", CultureInfo.InvariantCulture) - DateTimeOffset.UnixEpoch).TotalSeconds;
        RunEstimate Estimate(double start, double stop) => new CarbontrackerEstimator().Estimate(new RunFacts
        {
            Run = "night-1",
            DurationS = stop - start,
            StartTargetNs = (long)(start * 1e9),
            EndTargetNs = (long)(stop * 1e9),
            Device = Device.All,
            Hardware = new Hardware(),
            Files = Fixture.Folder("carbontracker-2.4.3/api-4-epochs"),
        });

        var own = Estimate(end - 35, end);
        Assert.Equal(2163.0, own.EnergyJ!.Value, 6);
        Assert.Equal([Scope.CpuPackage], own.Scopes);
        var old = Estimate(end + 3600, end + 3636);
        Assert.Null(old.EnergyJ);
        Assert.Contains(old.Findings, finding => finding.Detail.Contains("an old row", StringComparison.Ordinal));
    }

    [Fact]
    public void It_runs_around_a_command_that_ends_with_the_run()
    {
        var launch = new CarbontrackerEstimator().Launch(new EstimatorSettings(), "night-1")!;

        Assert.Equal("carbontracker --log_dir=. sh ../../../runner.sh hold", string.Join(' ', launch.Command));
        Assert.Equal(EstimatorLaunch.NoSignal, launch.StopSignal);
    }
}
