using MeterLab.Estimators.Custom;
using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.Tests.Custom;

public sealed class CustomEstimatorTests
{
    private static readonly string Whole = Fixture.Text("handmade/custom/watt-logger.yaml");

    private const string Json = """
        estimator: my-json
        scope: [gpu]
        file: out.json
        format: json
        each: result.runs
        energy: { path: "cards[0].energy", unit: mWh }
        project: { path: name }
        pue: 1.5
        rows: cumulative
        """;

    private static CustomEstimator Of(string text) => CustomEstimator.Parse(text, "my.yaml");

    [Fact]
    public void Columns_units_components_and_pue_are_as_described()
    {
        var row = Assert.Single(Of(Whole).Read([Handmade.File("custom/log.csv")]).Rows);

        Assert.Equal(4800, row.EnergyJ!.Value, 6);
        Assert.Equal((3200.0, 1600.0), (Math.Round(row.ComponentsJ["cpu"], 6), Math.Round(row.ComponentsJ["ram"], 6)));
        Assert.Equal((1.5, 100.0, "night-1", "2026-01-01T10:01:40"), (row.Pue, row.DurationS, row.Project, row.EndedLocal));
    }

    [Fact]
    public void It_is_attributed_and_launched_like_any_other()
    {
        var estimate = Handmade.Estimate(Of(Whole), 1, 99, [Handmade.File("custom/log.csv")]);

        Assert.Equal(("watt-logger", 4800.0), (estimate.Estimator, Math.Round(estimate.EnergyJ!.Value, 6)));
        Assert.Equal([Scope.CpuPackage, Scope.Dram], estimate.Scopes);
        Handmade.IsRefused(Handmade.Estimate(Of(Whole), 5000, 5099, [Handmade.File("custom/log.csv")]), "an old row");
        var launch = Of(Whole).Launch(new EstimatorSettings("/opt/wl"), "night-1")!;
        Assert.Equal("/opt/wl --tag night-1 --out log.csv", string.Join(' ', launch.Command));
        Assert.Equal(("INT", 2.0, "UTC"), (launch.StopSignal, launch.StartTimeS, launch.Environment["TZ"]));
    }

    [Fact]
    public void A_json_document_is_read_by_paths_and_its_last_total_counts()
    {
        var file = Fixture.Csv("""{"result":{"runs":[{"name":"a","cards":[{"energy":1000}]},{"name":"a","cards":[{"energy":"3000"}]},{"name":"a"}]}}""", "out.json");

        var rows = Of(Json).Read([file]).Rows;

        Assert.Equal([2400, 7200, null], rows.Select(row => row.EnergyJ));
        Assert.All(rows, row => Assert.True(row.Cumulative));
        Assert.Contains(rows[2].Findings, finding => finding.Severity == Severity.Invalid);
    }

    [Fact]
    public void A_power_series_is_cut_to_the_run()
    {
        var estimator = Of("""
            estimator: my-power
            scope: [psys]
            file: "*.jsonl"
            format: json-lines
            power: { path: w, unit: mW }
            time: { path: at, format: unix, unit: ms }
            """);
        var lines = string.Concat(Enumerable.Range(0, 11).Select(i => $$"""{"at":{{(Handmade.StartS + i) * 1000:0}},"w":50000}""" + "\n"));

        Assert.Equal(50 * 8, Handmade.Estimate(estimator, 1, 9, [Fixture.Csv(lines, "p.jsonl")]).EnergyJ!.Value, 6);
    }

    [Fact]
    public void Parts_are_added_up()
    {
        var estimator = Of("""
            estimator: my-parts
            scope: [cpu-package]
            file: parts.csv
            format: csv
            energy: { column: j, unit: J }
            duration: { column: s, unit: s }
            time: { column: at, format: unix, means: start }
            rows: parts
            """);
        var file = Fixture.Csv($"at,s,j\n{Handmade.StartS},10,100\n{Handmade.StartS + 10},10,300\n", "parts.csv");

        Assert.Equal([100, 300], estimator.Read([file]).Rows.Select(row => row.EnergyJ));
        Assert.Equal(400, Handmade.Estimate(estimator, 0, 20, [file]).EnergyJ!.Value, 6);
    }

    [Theory]
    [InlineData("estimator: watt-logger", "estimator: codecarbon", 1, "estimator", "knows already")]
    [InlineData("estimator: watt-logger", "estimator: Watt Logger", 1, "estimator", "no name")]
    [InlineData("scope: [cpu-package, dram]", "scope: [cpu]", 2, "scope[0]", "not known here")]
    [InlineData("scope: [cpu-package, dram]", "scope: cpu-package", 2, "scope", "a list is wanted")]
    [InlineData("covers:", "cover:", 3, "cover", "did you mean 'covers'")]
    [InlineData("stop: INT", "stop: KILL", 5, "stop", "not known here")]
    [InlineData("start-time: 2s", "start-time: 2", 6, "start-time", "unit")]
    [InlineData("format: csv", "format: xml", 8, "format", "not known here")]
    [InlineData("separator: \";\"", "separator: \"ab\"", 9, "separator", "no separator")]
    [InlineData("{ column: energy, unit: kWh }", "{ column: energy }", 10, "energy", "'unit' is missing")]
    [InlineData("{ column: energy, unit: kWh }", "{ column: energy, unit: W }", 10, "energy.unit", "no unit here")]
    [InlineData("{ column: energy, unit: kWh }", "{ path: energy, unit: kWh }", 10, "energy.path", "unknown key 'path'")]
    [InlineData("format: local, means: end", "format: iso", 15, "time.format", "not known here")]
    [InlineData("pue: { column: pue }", "pue: 0.5", 17, "pue", "a PUE is 1 to 10")]
    public void What_is_wrong_is_told_with_file_line_and_key(string right, string wrong, int line, string key, string words)
    {
        var e = Assert.Throws<ConfigurationException>(() => Of(Whole.Replace(right, wrong, StringComparison.Ordinal)));

        Assert.Equal(("my.yaml", line, key), (e.File, e.Line, e.Key));
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("energy: { column: j, unit: J }\npower: { column: w, unit: W }\ntime: { column: t, format: unix }", "power stands for itself")]
    [InlineData("power: { column: w, unit: W }", "power needs the time")]
    [InlineData("stop: TERM\nenergy: { column: j, unit: J }", "there is no command")]
    [InlineData("rows: parts\nenergy: { column: j, unit: J }", "by their times")]
    [InlineData("covers: x", "neither energy, power nor components")]
    public void What_does_not_go_together_is_told(string lines, string words) => Assert.Contains(
        words, Assert.Throws<ConfigurationException>(() => Of($"estimator: mine\nscope: [gpu]\nfile: a.csv\nformat: csv\n{lines}\n")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("tag;ended\n", "header lacks")]
    [InlineData("", "empty")]
    public void A_file_without_its_columns_is_refused(string text, string words) =>
        Assert.Contains(words, Assert.Throws<ConfigurationException>(() => Of(Whole).Read([Fixture.Csv(text, "log.csv")])).Message, StringComparison.Ordinal);

    [Fact]
    public void Missing_ambiguous_and_cut_files_say_so()
    {
        Handmade.IsRefused(Handmade.Estimate(Of(Whole), 1, 99, []), "left no file");
        Handmade.IsRefused(Handmade.Estimate(Of(Whole), 1, 99, [Handmade.File("custom/log.csv"), Fixture.Csv("x", "log2.csv")]), "cannot be told");
        Handmade.IsRefused(Handmade.Estimate(Of(Json), 1, 99, [Fixture.Csv("{\"result\":", "out.json")]), "no whole JSON document");
    }

    [Fact]
    public void The_catalogue_takes_a_path_for_a_name()
    {
        Assert.Equal("watt-logger", EstimatorCatalog.Find(Path.Combine(Fixture.Root, "handmade", "custom", "watt-logger.yaml")).Facts.Name);
        Assert.Contains("no such file", Assert.Throws<ConfigurationException>(() => EstimatorCatalog.Find("./none.yaml")).Message, StringComparison.Ordinal);
        Assert.Equal("watt-logger", CustomEstimator.Among([Fixture.Csv(Whole, CustomEstimator.DefinitionFile)])!.Facts.Name);
    }
}
