using System.Text.Json;

using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.Orchestrator.Campaigns;
using MeterLab.Orchestrator.Reports;
using MeterLab.Storage;
using MeterLab.Storage.Campaigns;
using MeterLab.Storage.Results;
using MeterLab.Storage.Traces;
using MeterLab.TestKit;

namespace MeterLab.Cli.Tests.Support;

/// <summary>
/// A store as a campaign leaves it: one run of ten seconds, 10 W for five of them and 20 W for the rest, recorded every 100 ms by a meter
/// that is 30 ms late by its data sheet.
/// </summary>
internal sealed class StoredLab : IDisposable
{
    public const string Campaign = "nightly-20260101T010000Z";
    public const string Run = Campaign + ".busy-01";

    private const long Second = 1_000_000_000;

    private readonly TemporaryFolder _folder = new();

    public string this[string name] => _folder[name];

    /// <summary>The store's path, for --db.</summary>
    public string Path => _folder["lab.db"];

    public long StartUtcNs { get; private set; }

    public static async Task<StoredLab> CreateAsync()
    {
        var lab = new StoredLab();
        var clock = new FakeHostClock();
        using var store = Store.Open(lab.Path, new StoreOptions { Clock = clock });
        var begin = clock.Anchor();
        lab.StartUtcNs = begin.UtcNs + 10 * Second;
        store.Campaigns.Add(new CampaignRecord
        {
            Id = Campaign, Name = "nightly", Rig = "bench", StartedUtcNs = begin.UtcNs, TolerancePct = 5, Plan = "{}", RigText = "", CampaignText = "",
        });
        store.Runs.Add([new RunRecord { Id = Run, Campaign = Campaign, PlanOrder = 0, Target = "node1", Workload = "busy", Repetition = 1 }]);
        store.Clocks.AddAnchor(Campaign, begin);
        await RecordAsync(store, begin.MonotonicNs);
        clock.Advance(TimeSpan.FromSeconds(30));
        store.Clocks.AddAnchor(Campaign, clock.Anchor());
        store.Runs.Update(store.Runs.Get(Run) with { State = RunState.Finished, Outcome = RunOutcome.Passed, ExitCode = 0 });
        store.Results.Add(new ResultRecord
        {
            Campaign = Campaign,
            Kind = CampaignRunner.ResultKind,
            Inputs = "{}",
            Document = JsonSerializer.Serialize(lab.Results(), ResultsJson.Options),
        });
        store.Campaigns.SetState(Campaign, CampaignState.Finished);
        return lab;
    }

    public void Dispose() => _folder.Dispose();

    private static async Task RecordAsync(Store store, long beginNs)
    {
        await using var recorder = store.Traces.Record(Campaign);
        var input = recorder.Add(new TraceRecord
        {
            MeterUri = "virtual://wall",
            Description = new TraceDescription
            {
                Channel = new ChannelId("wall", "total"),
                Quantity = Quantity.ActivePower,
                Scale = new LinearScale(0.1),
                IntervalSeconds = 0.1,
                Response = new MeterResponse(0.1, 0.1, 0.03) { AveragingKnown = true, DelayKnown = true },
            },
        });
        for (var i = 1; i <= 300; i++)
        {
            var read = beginNs + i * Second / 10 + 30_000_000;
            input.Accept(new RawSample(read, read, 0, i <= 150 ? 100 : 200, SampleFlags.None));
        }

        await recorder.StopAsync(TestContext.Current.CancellationToken);
    }

    private CampaignResults Results() => new()
    {
        Campaign = "nightly",
        Id = Campaign,
        Started = Time(StartUtcNs - 10 * Second),
        Rig = "bench",
        MeterlabVersion = "0.1.0",
        Runs =
        [
            new RunResult
            {
                Run = Run, Target = "node1", Workload = "busy", Parameters = new Dictionary<string, string>(), Repetition = 1, Outcome = "passed",
                Valid = false, Start = Time(StartUtcNs), End = Time(StartUtcNs + 10 * Second), DurationS = 10,
                Meter = new MeterResult { Meter = "wall", Channel = "total", Scope = "wall-ac", EnergyJ = 150, UncertaintyJ = 1.5, Coverage = 1 },
                Estimators =
                [
                    new EstimatorResult
                    {
                        Estimator = "cpu-load", EnergyJ = 120, Scope = ["cpu-package"], ComparedWith = "wall-ac", ErrorPct = -20, ErrorUncertaintyPct = 1,
                        Verdict = "differ",
                    },
                ],
                Overhead = new OverheadResult(null),
                Findings = [new FindingRow("coverage", "invalid", "made up")],
            },
        ],
    };

    private static string Time(long utcNs) => Orchestrator.Reconciliation.Reconciler.Utc(utcNs);
}
