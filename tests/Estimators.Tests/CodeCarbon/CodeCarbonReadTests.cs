using MeterLab.Estimators.CodeCarbon;
using MeterLab.Measurement;

namespace MeterLab.Estimators.Tests.CodeCarbon;

public sealed class CodeCarbonReadTests
{
    private static readonly string Whole = Fixture.Text("codecarbon-3.3.0/machine-15s/emissions.csv");
    private static readonly string Old = Fixture.Text("codecarbon-2.8.4/machine-15s/emissions.csv");

    private static EstimatorOutput Read(params EstimatorFile[] files) => new CodeCarbonEstimator().Read(files);

    private static EstimatorOutput ReadFolder(string folder) => new CodeCarbonEstimator().Read(Fixture.Folder(folder));

    private static EstimatorRow Changed(string column, string value, string? text = null)
    {
        var lines = (text ?? Old).Split('\n');
        var fields = lines[1].Split(',');
        fields[Array.IndexOf(lines[0].Split(','), column)] = value;
        return Assert.Single(Read(Fixture.Csv($"{lines[0]}\n{string.Join(',', fields)}\n")).Rows);
    }

    [Fact]
    public void A_single_file_is_read_whatever_it_is_called()
    {
        var output = Read(Fixture.Csv(Whole, "yesterday.txt"));

        Assert.Equal(5, output.Rows.Count);
        Assert.Equal("3.3.0", output.Version);
    }

    [Fact]
    public void Pue_is_taken_out_of_the_total_and_of_every_component()
    {
        var row = ReadFolder("codecarbon-3.3.0/forced-280w-pue1.4").Rows[0];

        Assert.Equal(1.4, row.Pue);
        Assert.Equal(7322.446811 / 1.4, row.EnergyJ!.Value, 3);
        Assert.Equal(row.EnergyJ.Value, row.ComponentsJ.Values.Sum(), 6);
    }

    [Fact]
    public void Tasks_are_rows_of_their_own_and_the_run_says_that_its_duration_is_not_theirs()
    {
        var output = ReadFolder("codecarbon-3.3.0/tasks-1s");

        Assert.Equal([null, "load", "train", "infer"], output.Rows.Select(row => row.Task));
        Assert.Contains(output.Rows[0].Findings, finding => finding.Rule == "task-mode");
        Assert.Equal(output.Rows[0].EnergyJ!.Value, output.Rows.Skip(1).Sum(row => row.EnergyJ!.Value), 0.001);
        Assert.All(output.Rows.Skip(1), row => Assert.Empty(row.Findings));
    }

    [Fact]
    public void Tasks_take_the_pue_of_their_run()
    {
        var run = Fixture.Text("codecarbon-3.3.0/tasks-1s/emissions.csv").Replace(",N,1.0,0.0", ",N,1.25,0.0", StringComparison.Ordinal);
        var tasks = Fixture.Folder("codecarbon-3.3.0/tasks-1s").Single(file => file.Path.StartsWith("emissions_base", StringComparison.Ordinal));

        var together = Read(Fixture.Csv(run), tasks);
        var alone = Read(tasks);

        Assert.All(together.Rows, row => Assert.Equal(1.25, row.Pue));
        Assert.Equal(alone.Rows[1].EnergyJ!.Value / 1.25, together.Rows[2].EnergyJ!.Value, 9);
        Assert.All(alone.Rows, row => Assert.Contains(row.Findings, finding => finding.Rule == "pue-unknown"));
    }

    [Fact]
    public void Flush_rows_are_cumulative_and_the_last_is_the_total()
    {
        var rows = ReadFolder("codecarbon-3.3.0/flush-append").Rows;

        Assert.Equal(4, rows.Count);
        Assert.All(rows, row => Assert.True(row.Cumulative));
        Assert.Contains(rows[3].Findings, finding => finding.Detail.Contains("holds the total", StringComparison.Ordinal));
    }

    [Fact]
    public void Rows_set_aside_when_the_header_changed_are_read_too()
    {
        var output = ReadFolder("codecarbon-3.3.0/header-change-from-2.8.4");

        Assert.Equal(3, output.Rows.Count);
        Assert.Equal(["2.8.4", "2.8.4", "3.3.0"], output.Rows.Select(row => row.Version).Order());
        Assert.Contains(output.Findings, finding => finding.Rule == "header-change");
    }

    [Fact]
    public void The_log_tells_of_the_lock_that_made_a_tracker_record_nothing()
    {
        var all = Fixture.Folder("codecarbon-3.3.0/lock");
        var second = all.Single(file => file.Path == "console-second.log");

        var output = Read(second);

        Assert.Empty(output.Rows);
        Assert.Contains(output.Findings, finding => finding.Rule == "lock");
        Assert.Contains(output.Findings, finding => finding.Rule == "no-row" && finding.Detail.Contains("lock", StringComparison.Ordinal));
        Assert.Single(Read([.. all]).Rows);
    }

    [Theory]
    [InlineData("codecarbon-3.3.0/machine-15s", "cpu_load", Severity.Note)]
    [InlineData("codecarbon-2.8.4/debug-log-1s", "TDP constant", Severity.Warning)]
    [InlineData("codecarbon-2.3.5/machine-15s", "TDP constant", Severity.Warning)]
    public void The_log_tells_how_cpu_power_was_found(string folder, string mode, Severity severity)
    {
        var finding = Assert.Single(ReadFolder(folder).Findings, finding => finding.Rule == "cpu-mode");

        Assert.Contains(mode, finding.Detail, StringComparison.Ordinal);
        Assert.Equal(severity, finding.Severity);
    }

    [Theory]
    [InlineData("codecarbon-2.8.4/flush-update")]
    [InlineData("codecarbon-3.3.0/flush-update")]
    public void The_log_tells_of_rows_that_could_not_be_written(string folder) =>
        Assert.Contains(ReadFolder(folder).Findings, finding => finding.Rule == "write-failed" && finding.Detail.Contains("3 writes", StringComparison.Ordinal));

    [Fact]
    public void A_file_cut_off_inside_a_row_has_no_energy_for_that_row()
    {
        var header = Old.IndexOf('\n', StringComparison.Ordinal) + 1;
        var end = Old.IndexOf('\n', header);
        for (var length = header + 1; length < end; length++)
        {
            var row = Assert.Single(Read(Fixture.Csv(Old[..length])).Rows);
            Assert.True(row.EnergyJ is null || row.Findings.Any(finding => finding.Rule == "no-line-end"), $"cut at {length}");
            Assert.NotEqual(0, row.EnergyJ);
        }

        Assert.Null(Assert.Single(Read(Fixture.Csv(Old[..(end - 1)])).Rows).EnergyJ);
        Assert.NotNull(Assert.Single(Read(Fixture.Csv(Old[..end])).Rows).EnergyJ);
    }

    [Theory]
    [InlineData("region")]
    [InlineData("longitude,latitude")]
    [InlineData("region,longitude,latitude,gpu_count,gpu_model")]
    [InlineData("longitude,latitude,gpu_count,gpu_model")]
    public void Short_rows_are_repaired_wherever_the_empty_columns_were(string dropped)
    {
        var lines = Whole.Split('\n');
        var header = lines[0].Split(',');
        var fields = lines[1].Split(',');
        fields[Array.IndexOf(header, "region")] = dropped.StartsWith("region", StringComparison.Ordinal) ? "" : "bavaria";
        fields[Array.IndexOf(header, "gpu_model")] = dropped.Contains("gpu", StringComparison.Ordinal) ? "" : "1 x NVIDIA A100";
        fields[Array.IndexOf(header, "longitude")] = dropped.Contains("longitude", StringComparison.Ordinal) ? "" : "11.5";
        fields[Array.IndexOf(header, "latitude")] = dropped.Contains("longitude", StringComparison.Ordinal) ? "" : "48.1";
        var kept = fields.Where((_, i) => !dropped.Split(',').Contains(header[i]));

        var row = Assert.Single(Read(Fixture.Csv($"{lines[0]}\n{string.Join(',', kept)}\n")).Rows);

        Assert.Equal(949.287325, row.EnergyJ!.Value, 0.002);
        Assert.Contains(row.Findings, finding => finding.Detail.Contains($"short by {dropped.Split(',').Length} field", StringComparison.Ordinal)
            && finding.Detail.Contains("repaired: ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_short_row_that_cannot_be_repaired_keeps_its_energy_only_where_its_ends_are_safe()
    {
        var lines = Whole.Split('\n');
        var fields = lines[1].Split(',').ToList();
        var middle = fields.Where((_, i) => i is < 20 or > 29).ToList();
        var withoutDuration = fields.Where((_, i) => i != 4).ToList();

        var safe = Assert.Single(Read(Fixture.Csv($"{lines[0]}\n{string.Join(',', middle)}\n")).Rows);
        var lost = Assert.Single(Read(Fixture.Csv($"{lines[0]}\n{string.Join(',', withoutDuration)}\n")).Rows);

        Assert.Equal(949.287325, safe.EnergyJ!.Value, 0.002);
        Assert.Contains("not repairable", safe.Findings[0].Detail, StringComparison.Ordinal);
        Assert.Null(lost.EnergyJ);
        Assert.Contains(lost.Findings, finding => finding is { Rule: "damaged-row", Severity: Severity.Invalid });
    }

    [Theory]
    [InlineData("energy_consumed", "", "damaged-row")]
    [InlineData("energy_consumed", "nan", "damaged-row")]
    [InlineData("energy_consumed", "1,5e-4", "damaged-row")]
    [InlineData("energy_consumed", "0.0005", "energy-sum")]
    [InlineData("cpu_energy", "-0.0004", "negative-energy")]
    [InlineData("duration", "0.0", "duration")]
    [InlineData("duration", "forty", "damaged-row")]
    [InlineData("pue", "", "pue")]
    [InlineData("pue", "0.0", "pue")]
    [InlineData("timestamp", "23.11.2026 13:05", "damaged-row")]
    [InlineData("tracking_mode", "N", "damaged-row")]
    public void A_row_that_contradicts_itself_has_no_energy(string column, string value, string rule)
    {
        var row = Changed(column, value);

        Assert.Null(row.EnergyJ);
        Assert.Empty(row.ComponentsJ);
        Assert.Contains(row.Findings, finding => finding.Rule == rule && finding.Severity == Severity.Invalid);
    }

    [Theory]
    [InlineData("gpu_count", "2", "gpu-no-counter")]
    [InlineData("emissions_rate", "0.5", "emissions-rate")]
    [InlineData("ram_power", "4.0", "ram-duration")]
    [InlineData("tracking_mode", "process", "process-mode")]
    [InlineData("cpu_power", "42.5", "constant-mode")]
    public void A_doubtful_row_keeps_its_energy_with_a_warning(string column, string value, string rule)
    {
        var row = Changed(column, value);

        Assert.NotNull(row.EnergyJ);
        Assert.Contains(row.Findings, finding => finding.Rule == rule && finding.Severity == Severity.Warning);
    }

    [Fact]
    public void Watts_that_no_socket_draws_are_named()
    {
        var lines = Old.Split('\n');
        var header = lines[0].Split(',');
        var fields = lines[1].Split(',');
        fields[Array.IndexOf(header, "cpu_energy")] = "0.0725";
        fields[Array.IndexOf(header, "ram_energy")] = "0.0001";
        fields[Array.IndexOf(header, "energy_consumed")] = "0.0726";

        var row = Assert.Single(Read(Fixture.Csv($"{lines[0]}\n{string.Join(',', fields)}\n")).Rows);

        Assert.NotNull(row.EnergyJ);
        Assert.Contains(row.Findings, finding => finding.Rule == "cpu-absurd");
    }

    [Fact]
    public void The_same_watts_in_every_run_of_2_x_are_called_a_constant() =>
        Assert.Contains(Read(Fixture.Csv(Old)).Findings, finding => finding.Rule == "constant-power");

    [Fact]
    public void Places_are_told_about_and_not_kept()
    {
        var lines = Whole.Split('\n');
        var header = lines[0].Split(',');
        var fields = lines[1].Split(',');
        fields[Array.IndexOf(header, "longitude")] = "11.5755";
        fields[Array.IndexOf(header, "latitude")] = "48.1374";

        var output = Read(Fixture.Csv($"{lines[0]}\n{string.Join(',', fields)}\n"));

        Assert.Contains(output.Findings, finding => finding.Rule == "location");
        var all = string.Join(' ', output.Findings.Concat(output.Rows[0].Findings).Select(finding => finding.Detail)) + output.Rows[0];
        Assert.DoesNotContain("11.57", all, StringComparison.Ordinal);
        Assert.DoesNotContain("48.13", all, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("experiment_id codecarbon_version pue", null)]
    [InlineData("experiment_id pue", "2.8.4")]
    [InlineData("experiment_id", "2.8.4")]
    public void Older_headers_with_fewer_columns_are_read(string without, string? version)
    {
        var dropped = without.Split(' ');
        var rows = Old.TrimEnd('\n').Split('\n').Select(line => line.Split(',')).ToArray();
        var text = string.Concat(rows.Select(row => string.Join(',', row.Where((_, i) => !dropped.Contains(rows[0][i]))) + "\n"));

        var output = Read(Fixture.Csv(text));

        Assert.Equal(version, output.Version);
        Assert.Equal(2053.858684, output.Rows[0].EnergyJ!.Value, 0.005);
        Assert.Equal(1, output.Rows[0].Pue);
    }

    [Fact]
    public void A_file_that_a_spreadsheet_saved_again_is_read_the_same()
    {
        var lines = Old.TrimEnd('\n').Split('\n').Select(line => line.Split(',')).ToArray();
        var text = string.Join("\r\n", lines.Select((row, i) => string.Join(',', row.Select((field, column) => $"\"{(i > 0 && column == 0 ? field.Replace('T', ' ') : field)}\"")))) + "\r\n";

        var (again, before) = (Read(Fixture.Csv("\uFEFF" + text)).Rows, Read(Fixture.Csv(Old)).Rows);

        Assert.Equal(before.Select(row => (row.EnergyJ, row.EndedLocal, row.DurationS)), again.Select(row => (row.EnergyJ, row.EndedLocal, row.DurationS)));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("time,active_power_w\n1,2\n", "header lacks")]
    [InlineData("timestamp,project_name,run", "ends inside the header")]
    public void What_cannot_be_its_output_is_refused_by_name(string text, string words)
    {
        var e = Assert.Throws<ConfigurationException>(() => Read(Fixture.Csv(text)));

        Assert.Contains(words, e.Message, StringComparison.Ordinal);
        Assert.Contains("emissions.csv", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_strange_file_beside_the_right_one_is_named_and_left_alone()
    {
        var output = Read(Fixture.Csv(Whole), Fixture.Csv("a,b\n1,2\n", "notes.csv"));

        Assert.Equal(5, output.Rows.Count);
        Assert.Contains(output.Findings, finding => finding.Detail.Contains("notes.csv", StringComparison.Ordinal));
    }
}
