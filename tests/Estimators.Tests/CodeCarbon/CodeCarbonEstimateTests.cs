using System.Globalization;

using MeterLab.Estimators.CodeCarbon;
using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.Tests.CodeCarbon;

public sealed class CodeCarbonEstimateTests
{
    private static readonly string[] Lines = Fixture.Text("codecarbon-2.8.4/machine-1s/emissions.csv").TrimEnd('\n').Split('\n');

    // First row: meterlab-sample-sha256, ended 2026-11-23T12:01:40, 30.0 s.
    private static readonly double RowEnd = Unix("2026-11-23T12:01:40");

    private static double Unix(string time) =>
        (DateTimeOffset.Parse(time + "Z", CultureInfo.InvariantCulture) - DateTimeOffset.UnixEpoch).TotalSeconds;

    private static EstimatorFile Rows(params int[] rows) =>
        Fixture.Csv(string.Concat(rows.Select(row => Lines[row] + "\n").Prepend(Lines[0] + "\n")));

    private static RunEstimate Estimate(string run, double start, double end, params EstimatorFile[] files) =>
        new CodeCarbonEstimator().Estimate(new RunFacts
        {
            Run = run,
            DurationS = end - start,
            StartTargetNs = (long)(start * 1e9),
            EndTargetNs = (long)(end * 1e9),
            Device = Device.All,
            Hardware = new Hardware(),
            Files = files,
        });

    private static void Refused(RunEstimate estimate, string words)
    {
        Assert.Null(estimate.EnergyJ);
        Assert.Empty(estimate.ComponentsJ);
        Assert.Contains(estimate.Findings, finding => finding.Severity == Severity.Invalid
            && finding.Detail.Contains(words, StringComparison.Ordinal) && finding.Detail.Contains("no energy is attributed", StringComparison.Ordinal));
    }

    [Fact]
    public void The_row_that_names_the_run_is_its_row_among_others()
    {
        var start = Unix("2026-11-23T12:02:01") - 19.5;
        var estimate = Estimate("meterlab-sample-sleep", start, start + 19.4, Rows(1, 2, 3, 4));

        Assert.Equal(1026.746548, estimate.EnergyJ!.Value, 0.003);
        Assert.Equal("2.8.4", estimate.Version);
        Assert.Equal([Scope.CpuPackage, Scope.Dram], estimate.Scopes);
        Assert.Equal(0, estimate.ResolutionJ);
        Assert.Contains(estimate.Findings, finding => finding.Rule == "other-rows");
    }

    [Fact]
    public void A_graphics_card_is_in_the_scope_where_there_is_one()
    {
        var header = Lines[0].Split(',');
        var fields = Lines[1].Split(',');
        fields[Array.IndexOf(header, "gpu_count")] = "1";
        var file = Fixture.Csv($"{Lines[0]}\n{string.Join(',', fields)}\n");

        Assert.Contains(Scope.Gpu, Estimate("meterlab-sample-sha256", RowEnd - 29, RowEnd, file).Scopes);
    }

    [Theory]
    [InlineData(-28, -1)]
    [InlineData(-31, 0.5)]
    [InlineData(-40, 1)]
    [InlineData(-5, 0)]
    public void A_single_row_of_another_name_is_taken_where_its_window_fits(double start, double end)
    {
        var estimate = Estimate("nightly-7", RowEnd + start, RowEnd + end, Rows(1));

        Assert.Equal(1539.56909, estimate.EnergyJ!.Value, 0.005);
        Assert.Contains(estimate.Findings, finding => finding.Rule == "attributed-by-time");
    }

    [Theory]
    [InlineData(600, 630, "old row")]
    [InlineData(10, 40, "old row")]
    [InlineData(-3600, -3570, "after this run")]
    [InlineData(-120, -60, "after this run")]
    [InlineData(-15, 15, "only overlaps")]
    [InlineData(-500, 1, "of the run's")]
    public void A_single_row_of_another_name_is_refused_where_its_window_does_not_fit(double start, double end, string words) =>
        Refused(Estimate("nightly-7", RowEnd + start, RowEnd + end, Rows(1)), words);

    [Theory]
    [InlineData(600, 630, "old row")]
    [InlineData(3600, 3630, "old row")]
    [InlineData(-3600, -3570, "after this run")]
    [InlineData(-100, 0, "of the run's")]
    public void The_right_name_does_not_make_an_old_row_this_runs(double start, double end, string words) =>
        Refused(Estimate("meterlab-sample-sha256", RowEnd + start, RowEnd + end, Rows(1)), words);

    [Fact]
    public void No_file_is_no_energy_and_not_zero() => Refused(Estimate("r", 0, 30), "left no file");

    [Fact]
    public void A_header_without_rows_is_no_energy() => Refused(Estimate("r", 0, 30, Rows()), "no row for the run 'r'");

    [Fact]
    public void Somebody_elses_rows_are_no_energy() =>
        Refused(Estimate("nightly-7", RowEnd - 29, RowEnd, Rows(1, 2)), "none names the run 'nightly-7'");

    [Fact]
    public void Two_trackers_under_one_name_are_no_energy()
    {
        var twice = Fixture.Csv(string.Join('\n', Lines[0], Lines[1], Lines[2].Replace("sleep", "sha256", StringComparison.Ordinal), ""));

        Refused(Estimate("meterlab-sample-sha256", RowEnd - 29, RowEnd, twice), "2 rows of different trackers");
    }

    [Fact]
    public void A_truncated_file_is_no_energy()
    {
        var text = $"{Lines[0]}\n{Lines[1][..180]}";

        var estimate = Estimate("meterlab-sample-sha256", RowEnd - 29, RowEnd, Fixture.Csv(text));

        Assert.Null(estimate.EnergyJ);
        Assert.Contains(estimate.Findings, finding => finding.Detail.Contains("cut off", StringComparison.Ordinal));
    }

    [Fact]
    public void A_tracker_that_measured_nothing_is_no_energy()
    {
        var header = Lines[0].Split(',');
        var fields = Lines[1].Split(',');
        foreach (var column in new[] { "cpu_energy", "gpu_energy", "ram_energy", "energy_consumed" })
            fields[Array.IndexOf(header, column)] = "0.0";

        Refused(Estimate("meterlab-sample-sha256", RowEnd - 29, RowEnd, Fixture.Csv($"{Lines[0]}\n{string.Join(',', fields)}\n")), "nothing was measured");
    }

    [Fact]
    public void Something_else_than_its_output_is_no_energy() =>
        Refused(Estimate("r", 0, 30, Fixture.Csv("<html>404</html>")), "no output of codecarbon");

    [Fact]
    public void The_last_flush_row_is_the_total_of_the_run()
    {
        var end = Unix("2026-11-23T12:19:15");
        var estimate = Estimate("meterlab-flush", end - 20.5, end + 0.4, [.. Fixture.Folder("codecarbon-3.3.0/flush-append")]);

        Assert.Equal(471.517481, estimate.EnergyJ!.Value, 0.001);
    }

    [Fact]
    public void A_run_of_which_only_the_first_flush_survived_is_refused()
    {
        var end = Unix("2026-11-23T12:19:37");

        Refused(Estimate("meterlab-flush", end - 21, end, [.. Fixture.Folder("codecarbon-3.3.0/flush-update")]), "its window is 7.1 s of the run's 21.0 s");
    }

    [Fact]
    public void A_tracker_in_task_mode_gives_the_energy_of_all_its_tasks()
    {
        var end = Unix("2026-11-23T12:18:53");
        var estimate = Estimate("meterlab-tasks", end - 30.2, end + 0.3, [.. Fixture.Folder("codecarbon-3.3.0/tasks-1s")]);

        Assert.Equal(743.226589, estimate.EnergyJ!.Value, 0.002);
        Assert.Contains(estimate.Findings, finding => finding.Rule == "task-mode");
    }

    [Fact]
    public void A_monitor_stopped_by_TERM_is_attributed_and_its_longer_window_told()
    {
        // The workload beside it: see workload-markers.jsonl of the recording.
        var marker = Fixture.Text("codecarbon-3.3.0/cli-monitor-sigterm/workload-markers.jsonl");
        double Stamp(string name) => double.Parse(marker.Split($"\"{name}\": ")[1].Split(',')[0], CultureInfo.InvariantCulture) / 1e9;

        var estimate = Estimate("beside", Stamp("start_unix_ns"), Stamp("stop_unix_ns"), [.. Fixture.Folder("codecarbon-3.3.0/cli-monitor-sigterm")]);

        Assert.Equal(616.335761, estimate.EnergyJ!.Value, 0.002);
        Assert.Contains(estimate.Findings, finding => finding.Rule == "window" && finding.Detail.Contains("longer", StringComparison.Ordinal));
    }

    [Fact]
    public void It_is_launched_beside_the_workload_under_the_name_of_the_run()
    {
        var launch = new CodeCarbonEstimator().Launch(new EstimatorSettings("/opt/cc/bin/codecarbon", 5), "night-1")!;

        Assert.Equal("/opt/cc/bin/codecarbon monitor --offline --country-iso-code DEU --log-level info --measure-power-secs 5", string.Join(' ', launch.Command));
        Assert.Equal("night-1", launch.Environment["CODECARBON_PROJECT_NAME"]);
        Assert.Equal("UTC", launch.Environment["TZ"]);
        Assert.Equal("machine", launch.Environment["CODECARBON_TRACKING_MODE"]);
        Assert.Equal("TERM", launch.StopSignal);
    }

    [Fact]
    public void A_workload_that_tracks_itself_is_not_tracked_twice() =>
        Assert.Null(new CodeCarbonEstimator().Launch(new EstimatorSettings(SelfTracked: true), "night-1"));

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(1.5)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void An_interval_that_the_tool_would_not_take_is_refused(double interval) =>
        Assert.Throws<ConfigurationException>(() => new CodeCarbonEstimator().Launch(new EstimatorSettings(IntervalS: interval), "r"));

    [Theory]
    [InlineData("2.3.5", "codecarbon monitor 15 30 --no-api", "INT")]
    [InlineData("2.8.4", "codecarbon monitor 15 30 --no-api", "TERM")]
    [InlineData("3.2", "codecarbon monitor --offline --country-iso-code DEU --log-level info", "TERM")]
    public void Older_versions_are_started_and_stopped_their_own_way(string version, string command, string signal)
    {
        var launch = new CodeCarbonEstimator().Launch(new EstimatorSettings(Version: version), "r")!;

        Assert.Equal(command, string.Join(' ', launch.Command));
        Assert.Equal(signal, launch.StopSignal);
    }

    [Theory]
    [InlineData("1.2")]
    [InlineData("newest")]
    public void A_version_that_cannot_be_started_is_refused(string version) =>
        Assert.Throws<ConfigurationException>(() => new CodeCarbonEstimator().Launch(new EstimatorSettings(Version: version), "r"));
}
