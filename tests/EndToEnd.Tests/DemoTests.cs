using System.Text.Json;

namespace MeterLab.EndToEnd.Tests;

[Collection(RealTime.Name)]
public class DemoTests
{
    [Fact]
    public async Task A_demo_measures_its_own_virtual_rig_within_what_it_states()
    {
        using var folder = new Folder();
        var result = await MeterLabProcess.RunAsync(folder.Path, "demo", "--quick", "--seed", "11", "--out", "out", "--json");
        // 3: finished, but a run is not valid (a crowded machine makes gaps); anything else is a defect.
        Assert.True(result.ExitCode is 0 or 3, result.Error);
        foreach (var name in (string[])["report.html", "results.json", "meterlab.db"])
            Assert.True(File.Exists(Path.Combine(folder.Path, "out", name)), name);
        using var printed = JsonDocument.Parse(result.Output);
        using var written = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder.Path, "out", "results.json"), TestContext.Current.CancellationToken));
        Assert.Equal(printed.RootElement.GetProperty("id").GetString(), written.RootElement.GetProperty("id").GetString());
        ResultsContract.Check(written.RootElement);

        var runs = written.RootElement.GetProperty("runs").EnumerateArray().ToList();
        Assert.True(runs.Count >= 6, $"{runs.Count} runs");
        Assert.True(runs[0].GetProperty("meters").EnumerateArray().Select(m => m.GetProperty("meter").GetString()).Distinct().Count() >= 3);
        var within = runs.Count(run => Inside(run.GetProperty("meter")));
        Assert.True(within >= runs.Count - 1, $"the truth lies within the stated uncertainty in {within} of {runs.Count} runs");
        var widths = runs.Select(run => run.GetProperty("meter")).Select(m => m.GetProperty("uncertainty_j").GetDouble() / m.GetProperty("energy_j").GetDouble()).Order().ToList();
        Assert.True(widths[widths.Count / 2] <= 0.03, $"the median uncertainty is {widths[widths.Count / 2]:P1}");
        await ExcludeByHandAsync(folder, runs.First(run => run.GetProperty("valid").GetBoolean()).GetProperty("run").GetString()!);
    }

    // A person's word takes a run out of the summaries and in again; what was measured stays.
    private static async Task ExcludeByHandAsync(Folder folder, string run)
    {
        var excluded = await ReportAfterAsync(folder, "run", "exclude", run, "--reason", "the door stood open", "--author", "Ada");
        Assert.False(excluded.GetProperty("valid").GetBoolean());
        Assert.True(excluded.GetProperty("meter").GetProperty("energy_j").GetDouble() > 0);
        Assert.Contains("the door stood open (Ada, ", Detail(excluded, "excluded"), StringComparison.Ordinal);
        var included = await ReportAfterAsync(folder, "run", "include", run, "--reason", "it was shut after all", "--author", "Ada");
        Assert.True(included.GetProperty("valid").GetBoolean());
        var noted = await ReportAfterAsync(folder, "run", "note", run, "warm day", "--author", "Ada");
        Assert.Contains("warm day", Detail(noted, "note"), StringComparison.Ordinal);
        Assert.Null(Detail(noted, "excluded"));
    }

    private static async Task<JsonElement> ReportAfterAsync(Folder folder, params string[] command)
    {
        var said = await MeterLabProcess.RunAsync(folder.Path, [.. command, "--db", "out/meterlab.db"]);
        Assert.True(said.ExitCode == 0, said.Error);
        var report = await MeterLabProcess.RunAsync(folder.Path, "report", "--campaign", "demo", "--db", "out/meterlab.db", "--format", "json", "--out", "again");
        Assert.True(report.ExitCode is 0 or 3, report.Error);
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder.Path, "again", "results.json"), TestContext.Current.CancellationToken));
        return document.RootElement.GetProperty("runs").EnumerateArray().Single(r => r.GetProperty("run").GetString() == command[2]).Clone();
    }

    private static string? Detail(JsonElement run, string rule) => run.GetProperty("findings").EnumerateArray()
        .Where(finding => finding.GetProperty("rule").GetString() == rule).Select(finding => finding.GetProperty("detail").GetString()).FirstOrDefault();

    [Fact]
    public async Task A_demo_that_is_killed_leaves_a_sound_store_with_what_was_recorded()
    {
        using var folder = new Folder();
        using (var demo = MeterLabProcess.Start(folder.Path, ["demo", "--quick", "--out", "out"]))
        {
            await Task.Delay(TimeSpan.FromSeconds(12), TestContext.Current.CancellationToken);
            demo.Kill();
        }

        var killed = DateTimeOffset.FromUnixTimeMilliseconds(new MeterLab.Measurement.Clocks.SystemHostClock().Anchor().UtcNs / 1_000_000);
        var verify = await MeterLabProcess.RunAsync(folder.Path, "store", "verify", "--db", "out/meterlab.db", "--json");
        Assert.True(verify.ExitCode == 0, verify.Error + verify.Output);
        var info = await MeterLabProcess.RunAsync(folder.Path, "store", "info", "--db", "out/meterlab.db", "--json");
        Assert.Equal(0, info.ExitCode);
        using var document = JsonDocument.Parse(info.Output);
        var samples = document.RootElement.GetProperty("traces").EnumerateArray().Sum(trace => trace.GetProperty("samples").GetInt64());
        // At least eight of the twelve seconds were recorded, by the wall meter at 25 Hz alone.
        Assert.True(samples > 200, $"{samples} samples before {killed:O}");

        var again = await MeterLabProcess.RunAsync(folder.Path, "demo", "--quick", "--out", "out");
        Assert.True(again.ExitCode is 0 or 3, again.Error);
    }

    private static bool Inside(JsonElement meter) =>
        Math.Abs(meter.GetProperty("energy_j").GetDouble() - meter.GetProperty("truth_j").GetDouble()) <= meter.GetProperty("uncertainty_j").GetDouble();
}
