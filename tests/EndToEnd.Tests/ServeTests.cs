using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MeterLab.EndToEnd.Tests;

public sealed partial class ServeTests
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
        // It takes longer than from one fire to the next.
        folder.Write("campaigns/nightly.yaml", Campaign("nightly", "21"));
        var first = await ServeAsync(folder, "nightly: fired during its own run; skipped");
        var second = await ServeAsync(folder, "nightly: 1 runs begin");

        var list = await MeterLabProcess.RunAsync(folder.Path, "campaign", "list", "--json");
        using var document = JsonDocument.Parse(list.Output);
        var campaigns = Campaigns(document.RootElement).OrderBy(Started).ToList();
        Assert.Equal(["interrupted", "interrupted"], campaigns.Select(c => c.GetProperty("state").GetString()));
        // On time: it belongs to the very fire that the service had announced, and to no later one.
        foreach (var (campaign, announced) in campaigns.Zip((DateTimeOffset[])[first, second]))
            Assert.InRange(Started(campaign) - announced, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Equal((0, 0), (first.Second % 20, second.Second % 20));
        await ShowsTheSkipAsync(folder, campaigns[0].GetProperty("id").GetString()!);
    }

    private static List<JsonElement> Campaigns(JsonElement root) =>
        [.. (root.ValueKind == JsonValueKind.Array ? root : root.GetProperty("campaigns")).EnumerateArray()];

    private static DateTimeOffset Started(JsonElement campaign) => DateTimeOffset.Parse(campaign.GetProperty("started").GetString()!, CultureInfo.InvariantCulture);

    // What it was interrupted in is worked out afterwards, and says why there is no campaign of the fire between.
    private static async Task ShowsTheSkipAsync(Folder folder, string id)
    {
        var reconciled = await MeterLabProcess.RunAsync(folder.Path, "reconcile", id, "--json");
        Assert.Contains("fire-skipped", reconciled.Output, StringComparison.Ordinal);
    }

    // Serves until it has said something, then interrupts it; returns the fire that it announced when it began.
    private static async Task<DateTimeOffset> ServeAsync(Folder folder, string until)
    {
        using var serve = MeterLabProcess.Start(folder.Path, ["serve"]);
        await serve.UntilAsync(() => serve.Said.Contains(until, StringComparison.Ordinal), TimeSpan.FromMinutes(2));
        serve.Signal("INT");
        var end = await serve.EndAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(130, end.ExitCode);
        var next = Next().Match(end.Error);
        Assert.True(next.Success, end.Error);
        return DateTimeOffset.ParseExact(next.Groups[1].Value, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
    }

    [GeneratedRegex(@"nightly: next at (.+) UTC")]
    private static partial Regex Next();
}
