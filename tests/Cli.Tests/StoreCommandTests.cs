using System.Globalization;
using System.Text.Json;

using MeterLab.Cli.Hosting;
using MeterLab.Cli.Tests.Support;

namespace MeterLab.Cli.Tests;

public sealed class StoreCommandTests
{
    [Fact]
    public async Task Info_and_verify_tell_what_is_there_and_that_it_is_sound()
    {
        using var lab = await StoredLab.CreateAsync();

        var info = await CommandRun.OfAsync("store", "info", "--db", lab.Path, "--json");
        var verify = await CommandRun.OfAsync("store", "verify", "--db", lab.Path, "--json");

        Assert.Equal(300, info.Json.GetProperty("samples").GetInt64());
        Assert.Equal(1, info.Json.GetProperty("rows").GetProperty("run").GetInt64());
        Assert.Equal("wall/total", Assert.Single(info.Json.GetProperty("traces").EnumerateArray()).GetProperty("channel").GetString());
        Assert.Equal(0, verify.ExitCode);
        Assert.True(verify.Json.GetProperty("passed").GetBoolean());
    }

    [Fact]
    public async Task A_campaign_is_listed_and_shown_by_its_name_or_id()
    {
        using var lab = await StoredLab.CreateAsync();

        var list = await CommandRun.OfAsync("campaign", "list", "--db", lab.Path, "--json");
        var byName = await CommandRun.OfAsync("campaign", "show", "nightly", "--db", lab.Path, "--json");
        var text = await CommandRun.OfAsync("campaign", "show", StoredLab.Campaign, "--db", lab.Path);

        Assert.Equal(StoredLab.Campaign, list.Json[0].GetProperty("id").GetString());
        Assert.Equal(("finished", 1), (list.Json[0].GetProperty("state").GetString(), list.Json[0].GetProperty("passed").GetInt32()));
        var run = byName.Json.GetProperty("runs")[0];
        Assert.Equal(("passed", false, 150.0), (run.GetProperty("outcome").GetString(), run.GetProperty("valid").GetBoolean(), run.GetProperty("energy_j").GetDouble()));
        Assert.Contains("150 J", text.Output, StringComparison.Ordinal);
        Assert.Contains("cpu-load -20.0 +/- 1 % (differ)", text.Output, StringComparison.Ordinal);
        Assert.Contains("invalid: coverage: made up", text.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("campaign", "show", "weekly")]
    [InlineData("report", "--campaign", "weekly")]
    [InlineData("export", "busy-99/wall/total", "--out", "x.csv")]
    [InlineData("study", "report")]
    public async Task What_is_not_in_the_store_is_named_and_nothing_is_written(params string[] args)
    {
        using var lab = await StoredLab.CreateAsync();

        var run = await CommandRun.OfAsync([.. args, "--db", lab.Path]);

        Assert.True(run.ExitCode is 1 or 2, run.Error);
        Assert.Equal("", run.Output);
        Assert.InRange(run.ErrorLines.Length, 1, 3);
        Assert.False(File.Exists("x.csv"));
    }

    [Fact]
    public async Task A_store_that_is_not_there_is_1_and_is_not_made()
    {
        using var folder = new TemporaryFolder();

        var run = await CommandRun.OfAsync("store", "info", "--db", folder["none.db"]);

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains("there is no store", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["none.db"]));
    }

    [Fact]
    public async Task The_report_is_drawn_again_from_the_store()
    {
        using var lab = await StoredLab.CreateAsync();

        var run = await CommandRun.OfAsync("report", "--campaign", "nightly", "--format", "html,json,csv", "--out", lab["out"], "--db", lab.Path);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(
            ["calibration.csv", "report.html", "results.json", "runs.csv", "summary.csv"],
            Directory.GetFiles(lab["out"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var json = JsonDocument.Parse(await File.ReadAllTextAsync(lab["out/results.json"], TestContext.Current.CancellationToken)).RootElement;
        Assert.Equal(150, json.GetProperty("runs")[0].GetProperty("meter").GetProperty("energy_j").GetDouble());
        var html = await File.ReadAllTextAsync(lab["out/report.html"], TestContext.Current.CancellationToken);
        Assert.Contains("wall/total", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_format_is_2_and_names_the_nearest()
    {
        using var lab = await StoredLab.CreateAsync();

        var run = await CommandRun.OfAsync("report", "--campaign", "nightly", "--format", "htlm", "--db", lab.Path);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("did you mean 'html'?", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_has_the_windows_ends_in_utc_without_the_known_delay()
    {
        using var lab = await StoredLab.CreateAsync();

        var run = await CommandRun.OfAsync("export", "busy-01/wall/total", "--margin", "1s", "--out", lab["e.csv"], "--db", lab.Path);

        Assert.True(run.ExitCode == 0, run.Error);
        var rows = (await File.ReadAllLinesAsync(lab["e.csv"], TestContext.Current.CancellationToken))[1..].Select(line => line.Split(',')).ToList();
        var seconds = rows.Select(row => (ReportFiles.UtcNs(row[0]) - lab.StartUtcNs) * 1e-9).ToList();
        Assert.InRange(seconds[0], -1.05, -0.85);
        Assert.InRange(seconds[^1], 10.85, 11.05);
        // The last window at 10 W ended 5 s into the run, on the recorded grid less half an update of ignorance about a slow poll.
        var last10 = rows.FindLastIndex(row => double.Parse(row[1], CultureInfo.InvariantCulture) == 10);
        Assert.Equal(5 - 0.05, seconds[last10], 6);
        Assert.Equal(20, double.Parse(rows[last10 + 1][1], CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Pruning_only_tells_until_it_is_told_to_and_then_the_figures_stand_without_their_samples()
    {
        using var lab = await StoredLab.CreateAsync();

        var told = await CommandRun.OfAsync("store", "prune", "--older-than", "1d", "--keep", "0", "--db", lab.Path);
        Assert.Equal(0, told.ExitCode);
        Assert.Contains("would be freed; nothing was removed", told.Output, StringComparison.Ordinal);
        Assert.Equal(300, (await CommandRun.OfAsync("store", "info", "--db", lab.Path, "--json")).Json.GetProperty("samples").GetInt64());

        var done = await CommandRun.OfAsync("store", "prune", "--campaign", StoredLab.Campaign, "--apply", "--db", lab.Path, "--json");
        Assert.True(done.ExitCode == 0, done.Error);
        Assert.True(done.Json.GetProperty("applied").GetBoolean());
        Assert.Equal((StoredLab.Campaign, 300L), (done.Json.GetProperty("removed")[0].GetProperty("campaign").GetString(), done.Json.GetProperty("removed")[0].GetProperty("samples").GetInt64()));
        Assert.Equal(0, (await CommandRun.OfAsync("store", "verify", "--db", lab.Path)).ExitCode);

        // What was worked out is all there, and nothing pretends that it could be worked out anew.
        var shown = await CommandRun.OfAsync("campaign", "show", "nightly", "--db", lab.Path, "--json");
        Assert.Equal(150.0, shown.Json.GetProperty("runs")[0].GetProperty("energy_j").GetDouble());
        var report = await CommandRun.OfAsync("report", "--campaign", "nightly", "--out", lab["report"], "--db", lab.Path);
        Assert.True(report.ExitCode is 0 or 3, report.Error);
        Assert.Contains("Its raw samples (300 in ", await File.ReadAllTextAsync(Path.Combine(lab["report"], "report.html"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        foreach (var command in (string[][])[["reconcile", "nightly"], ["export", "busy-01/wall/total", "--out", lab["x.csv"]]])
        {
            var refused = await CommandRun.OfAsync([.. command, "--db", lab.Path]);
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains("Its raw samples (300 in ", refused.Error, StringComparison.Ordinal);
        }

        Assert.Equal(150.0, (await CommandRun.OfAsync("campaign", "show", "nightly", "--db", lab.Path, "--json")).Json.GetProperty("runs")[0].GetProperty("energy_j").GetDouble());
    }

    [Theory]
    [InlineData("--older-than 90d, or --campaign ID", "store", "prune")]
    [InlineData("is named by its id", "store", "prune", "--campaign", "nightly")]
    [InlineData("has no unit", "store", "prune", "--older-than", "90")]
    public async Task A_rule_that_does_not_say_what_may_go_is_a_usage_error(string words, params string[] args)
    {
        using var lab = await StoredLab.CreateAsync();

        var run = await CommandRun.OfAsync([.. args, "--db", lab.Path]);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
    }
}
