using System.Text.Json;

using MeterLab.Measurement.Clocks;
using MeterLab.Storage;

namespace MeterLab.EndToEnd.Tests;

[Collection(RealTime.Name)]
public class DemoTests
{
    [Fact]
    public async Task A_killed_demo_leaves_a_sound_store_and_the_next_measures_its_own_virtual_rig_within_what_it_states()
    {
        using var folder = new Folder();
        await KillOneAsync(folder);
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

    // A demo into the same folder that dies without a word in the middle of its runs.
    private static async Task KillOneAsync(Folder folder)
    {
        var path = Path.Combine(folder.Path, "out", "meterlab.db");
        var clock = new SystemHostClock();
        var (seen, killedNs) = (0L, 0L);
        using (var demo = MeterLabProcess.Start(folder.Path, ["demo", "--quick", "--out", "out"]))
        {
            await demo.UntilAsync(() => (seen = Samples(path)) > 200, TimeSpan.FromMinutes(1));
            demo.Kill();
            killedNs = clock.MonotonicNs;
        }

        var verify = await MeterLabProcess.RunAsync(folder.Path, "store", "verify", "--db", "out/meterlab.db", "--json");
        Assert.True(verify.ExitCode == 0, verify.Error + verify.Output);
        using var store = Store.OpenForReading(path, new StoreOptions { Clock = new SystemHostClock() });
        var traces = store.Info().Traces;
        Assert.True(traces.Sum(trace => trace.Samples) >= seen, "what another process had read is there no more");
        // Up to the last second; five, because a busy machine is late in writing and the disk may be slow.
        Assert.InRange(killedNs - traces.Max(trace => trace.LastNs), -1_000_000_000, 5_000_000_000);
    }

    private static long Samples(string path)
    {
        if (!File.Exists(path))
            return 0;
        try
        {
            using var store = Store.OpenForReading(path, new StoreOptions { Clock = new SystemHostClock() });
            return store.Info().Samples;
        }
        catch (StoreException)
        {
            // It is just being made.
            return 0;
        }
    }

    private static bool Inside(JsonElement meter) =>
        Math.Abs(meter.GetProperty("energy_j").GetDouble() - meter.GetProperty("truth_j").GetDouble()) <= meter.GetProperty("uncertainty_j").GetDouble();
}
