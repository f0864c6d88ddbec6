using System.Text.Json;

namespace MeterLab.EndToEnd.Tests;

[Collection(RealTime.Name)]
public class ServeTests
{
    private const string Rig = """
        rig: bench
        meters:
          wall: { uri: "virtual://wall", interval: 50ms }
        targets:
          node1: { virtual: node1, fed-by: [ { channel: wall/total, scope: wall-ac } ], hardware: { cpu-power: 65W, cpu: x }, estimators: [ml-co2-impact] }
        """;

    private static string Campaign(string name, string sleep) => $$"""
        campaign: {{name}}
        targets: [node1]
        workloads:
          - { name: wait, run: [sleep, "{{sleep}}"], device: cpu }
        phases: { settle: 200ms, baseline: 500ms, cool-down: 200ms, sync: off }
        schedule: { cron: "0/20 * * * * ?", time-zone: Europe/Berlin }
        """;

    [Fact]
    public async Task A_scheduled_campaign_runs_on_time_survives_a_restart_and_never_overlaps_itself()
    {
        using var folder = new Folder();
        folder.Write("rig.yaml", Rig);
        folder.Write("campaigns/nightly.yaml", Campaign("nightly", "21"));
        // Begin at second 5, 25 or 45: the fires then come at known times after the start, and the interruption falls into a workload.
        var clock = new MeterLab.Measurement.Clocks.SystemHostClock();
        await Task.Delay(TimeSpan.FromMilliseconds((25_000 - (clock.Anchor().UtcNs / 1_000_000 % 20_000)) % 20_000), TestContext.Current.CancellationToken);
        var first = await ServeAsync(folder, TimeSpan.FromSeconds(30));
        Assert.Equal(130, first.ExitCode);
        var second = await ServeAsync(folder, TimeSpan.FromSeconds(20));
        Assert.Equal(130, second.ExitCode);

        var list = await MeterLabProcess.RunAsync(folder.Path, "campaign", "list", "--json");
        using var document = JsonDocument.Parse(list.Output);
        var started = Campaigns(document.RootElement).Select(c => DateTimeOffset.Parse(c.GetProperty("started").GetString()!, System.Globalization.CultureInfo.InvariantCulture)).Order().ToList();
        Assert.True(started.Count >= 2, list.Output);
        // On time: within three seconds after second 0, 20 or 40.
        Assert.All(started, time => Assert.True((time.Second % 20) + (time.Millisecond / 1000.0) < 3, $"{time:O}"));
        Assert.All(started.Zip(started.Skip(1)), pair => Assert.True(pair.Second - pair.First > TimeSpan.FromSeconds(19), "two of them overlap"));
        var states = Campaigns(document.RootElement).Select(c => c.GetProperty("state").GetString()).ToList();
        Assert.Contains("interrupted", states);
        Assert.DoesNotContain("running", states);
    }

    private static List<JsonElement> Campaigns(JsonElement root) =>
        [.. (root.ValueKind == JsonValueKind.Array ? root : root.GetProperty("campaigns")).EnumerateArray()];

    private static async Task<MeterLabProcess.Result> ServeAsync(Folder folder, TimeSpan time)
    {
        using var serve = MeterLabProcess.Start(folder.Path, ["serve"]);
        await Task.Delay(time, TestContext.Current.CancellationToken);
        serve.Signal("INT");
        return await serve.EndAsync(TimeSpan.FromSeconds(30));
    }
}
