using MeterLab.Measurement;
using MeterLab.Orchestrator.Reconciliation;
using MeterLab.Orchestrator.Reports;
using MeterLab.Orchestrator.Rigs;

namespace MeterLab.Orchestrator.Tests.Rigs;

/// <summary>The three ways in which a rig file tells the carbon intensity of a target's electricity.</summary>
public sealed class GridIntensityTests : IDisposable
{
    // 2026-01-01 10:00:00 UTC.
    private const double Ten = 1767261600;
    private const double GramPerKwh = 1e-3 / 3.6e6;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_region_is_looked_up_with_its_source_and_year()
    {
        var grid = Load("{ region: DEU }")!;

        Assert.Equal(344.14 * GramPerKwh, grid.Mean(Ten, Ten + 1)!.Value, 1e-15);
        Assert.Equal(2024, grid.Year);
        Assert.Contains("2024 (Ember", grid.Source, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_region_has_a_figure_a_time_and_a_source() => Assert.All(GridRegions.All, region =>
    {
        Assert.Equal(3, region.Key.Length);
        Assert.InRange(region.Value.KgPerJoule!.Value / GramPerKwh, 1, 1500);
        Assert.Matches(@"g/kWh, \d{4} \(.{5,}\)$", region.Value.Source);
        Assert.InRange(region.Value.Year!.Value, 2020, 2100);
    });

    [Theory]
    [InlineData(2024, false)]
    [InlineData(2023, true)]
    [InlineData(null, false)]
    public void A_mean_of_long_ago_is_told_in_the_result_that_uses_it(int? year, bool told)
    {
        var run = Carbon.Add(KnownRun(), new GridIntensity("somewhere", 100 * GramPerKwh, [], year), (long)(Ten * 1e9), (long)((Ten + 60) * 1e9));

        Assert.Equal(100, run.Carbon!.IntensityGPerKwh, 1e-6);
        Assert.Equal(told, run.Findings.Any(finding => finding is { Rule: "grid-intensity-old", Severity: "warning" }));
    }

    private static RunResult KnownRun() => new()
    {
        Run = "x", Target = "node1", Workload = "work", Parameters = new Dictionary<string, string>(), Repetition = 1, Outcome = "passed", Valid = true, Overhead = new OverheadResult(null),
    };

    [Fact]
    public void A_file_by_the_hour_is_weighed_by_the_runs_time_and_says_nothing_of_hours_that_it_lacks()
    {
        Write("utc,g_per_kwh\n2026-01-01T10:00Z,300\n2026-01-01T11:00:00Z,500\n2026-01-01T13:00Z,100\n");
        var grid = Load("{ file: grid.csv }")!;

        Assert.Equal(300 * GramPerKwh, grid.Mean(Ten, Ten + 60)!.Value, 1e-15);
        // 10:45 to 11:45: a quarter at 300, three quarters at 500.
        Assert.Equal(450 * GramPerKwh, grid.Mean(Ten + 2700, Ten + 6300)!.Value, 1e-15);
        Assert.Null(grid.Mean(Ten + 6300, Ten + 9000));
        Assert.Null(grid.Mean(Ten - 60, Ten + 60));
    }

    [Theory]
    [InlineData("utc,g_per_kwh\n2026-01-01T10:00,300\n", "line 2")]
    [InlineData("utc,g_per_kwh\n2026-01-01T10:00Z,-3\n", "line 2")]
    [InlineData("utc,g_per_kwh\n2026-01-01T10:00Z,3\n2026-01-01T10:00Z,3\n", "line 3")]
    [InlineData("time,value\n2026-01-01T10:00Z,3\n", "first line")]
    public void A_file_that_is_wrong_is_told_with_its_line(string text, string words)
    {
        Write(text);

        Assert.Contains(words, Assert.Throws<ConfigurationException>(() => Load("{ file: grid.csv }")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ region: ATLANTIS }")]
    [InlineData("{ file: none.csv }")]
    [InlineData("{ region: DEU, file: grid.csv }")]
    public void What_is_not_there_is_refused(string yaml) => Assert.Throws<ConfigurationException>(() => Load(yaml));

    private void Write(string text) => File.WriteAllText(Path.Combine(_folder.FullName, "grid.csv"), text);

    private GridIntensity? Load(string yaml)
    {
        var path = Path.Combine(_folder.FullName, "rig.yaml");
        File.WriteAllText(path, $"rig: bench\ntargets:\n  here:\n    local: true\n    grid-intensity: {yaml}\n");
        return RigFile.Load(path).FindTarget("here")!.GridIntensity;
    }
}
