using System.Text.Json;

using MeterLab.Cli.Tests.Support;
using MeterLab.TestKit;

namespace MeterLab.Cli.Tests;

public sealed class CalibrateCommandTests
{
    private static string Recorded => RepositoryFiles.Path("tests", "Orchestrator.Tests", "Studies", "Fixtures", "defects");

    private static string Emissions => RepositoryFiles.Path("tests", "Estimators.Tests", "Fixtures", "codecarbon-3.3.0");

    [Fact]
    public async Task A_study_is_calibrated_written_and_applied()
    {
        using var folder = new TemporaryFolder();
        var (store, file) = (folder["lab.db"], folder["calibration.json"]);
        await CommandRun.OfAsync("study", "import", Recorded, "--db", store);

        var fit = await CommandRun.OfAsync("calibrate", "--study", "defects", "--db", store, "--out", file, "--json");
        var study = await CommandRun.OfAsync("study", "apply", Recorded, "--calibration", file, "--json");
        var rows = await CommandRun.OfAsync("calibrate", "apply", Emissions, "--calibration", file, "--json");
        var text = await CommandRun.OfAsync("calibrate", "apply", Emissions, "--calibration", file);

        Assert.Equal((0, 0, 0, 0), (fit.ExitCode, study.ExitCode, rows.ExitCode, text.ExitCode));
        Assert.Equal(fit.Output.Trim(), (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Trim());
        var calibration = fit.Json.GetProperty("calibration")[0];
        foreach (var name in new[] { "group", "estimator", "gain", "gain_uncertainty", "unseen_static_w", "unseen_static_uncertainty_w", "covariance", "cross_validation", "mae_pct_before", "mae_pct_after", "median_abs_pct_after" })
            Assert.True(calibration.TryGetProperty(name, out _), name);
        var group = Assert.Single(study.Json.GetProperty("groups").EnumerateArray());
        foreach (var name in new[] { "group", "estimator", "n", "mae_pct_before", "mae_pct_after", "median_abs_pct_after" })
            Assert.True(group.TryGetProperty(name, out _), name);
        Assert.True(group.GetProperty("mae_pct_after").GetDouble() < group.GetProperty("mae_pct_before").GetDouble());
        foreach (var row in rows.Json.GetProperty("rows").EnumerateArray())
            Assert.True(row.GetProperty("calibrated_j").ValueKind == JsonValueKind.Number || row.GetProperty("findings").GetArrayLength() > 0, row.GetRawText());
    }

    [Theory]
    [InlineData("calibrate")]
    [InlineData("calibrate", "--campaign", "a", "--study", "b")]
    [InlineData("calibrate", "--study", "b", "--leave-out", "weeks")]
    [InlineData("calibrate", "--study", "b", "--terms", "some")]
    [InlineData("calibrate", "--study", "b", "--repeatability", "1")]
    [InlineData("calibrate", "apply", "x.csv")]
    [InlineData("calibrate", "apply", "x.csv", "--calibration", "nowhere.json")]
    [InlineData("study", "apply", ".", "--calibration", "nowhere.json")]
    [InlineData("study", "apply", "nowhere", "--calibration", "nowhere.json")]
    public async Task What_is_wrong_on_the_command_line_is_2(params string[] args)
    {
        var run = await CommandRun.OfAsync(args);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.InRange(run.ErrorLines.Length, 1, 3);
    }

    [Fact]
    public async Task A_campaign_that_determines_nothing_is_1_and_writes_nothing()
    {
        using var lab = await StoredLab.CreateAsync();

        var run = await CommandRun.OfAsync("calibrate", "--campaign", "nightly", "--db", lab.Path, "--out", lab["calibration.json"], "--json");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(0, run.Json.GetProperty("calibration").GetArrayLength());
        Assert.False(File.Exists(lab["calibration.json"]));
        Assert.Contains("determines no calibration", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_campaign_compared_with_itself_has_not_changed()
    {
        using var lab = await StoredLab.CreateAsync();

        var run = await CommandRun.OfAsync("campaign", "compare", "nightly", "nightly", "--db", lab.Path, "--json");

        Assert.Equal(0, run.ExitCode);
        Assert.DoesNotContain(run.Json.GetProperty("rows").EnumerateArray(), row => row.GetProperty("real").ValueKind == JsonValueKind.True);
    }
}
