using MeterLab.Estimators;
using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Energy;
using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.Orchestrator.Campaigns;
using MeterLab.Orchestrator.Rigs;
using MeterLab.Orchestrator.Targets;
using MeterLab.Storage;
using MeterLab.Storage.Campaigns;
using MeterLab.Storage.Traces;
using MeterLab.TestKit;

namespace MeterLab.Benchmarks.Night;

/// <summary>Writes a night's campaign into a store, as the recorder and the runner would have.</summary>
internal sealed class NightStore : IDisposable
{
    public const string Campaign = "night-20260101T000000Z";

    private const string Target = "node1";
    private const int ChunkSamples = 1_000;

    private static readonly ChannelId Channel = new("wall", "total");

    private readonly FakeHostClock _clock = new();
    private readonly Store _store;
    private readonly string _path;

    public NightStore(string path)
    {
        _path = path;
        _store = Store.Open(path, new StoreOptions { Clock = _clock, Program = "benchmark" });
    }

    /// <summary>Samples written.</summary>
    public long Samples { get; private set; }

    /// <summary>Writes all of it.</summary>
    public void Write()
    {
        _store.Campaigns.Add(Plan());
        Steps();
        Runs();
        Clocks();
        Trace();
        _store.Campaigns.SetState(Campaign, CampaignState.Finished);
    }

    /// <inheritdoc/>
    public void Dispose() => _store.Dispose();

    private static CampaignRecord Plan() => new()
    {
        Id = Campaign,
        Name = "night",
        Rig = "bench",
        StartedUtcNs = 1_767_225_600_000_000_000,
        TolerancePct = 5,
        Plan = DocumentJson.Write(new PlanDocument(
            [new TargetDocument(Target, [new FeedDocument(Channel, Scope.WallAc, MeterRole.Truth)], new Hardware())], ValidityLimits.Default, 0.05)),
        RigText = "rig: bench\n",
        CampaignText = "campaign: night\n",
    };

    private void Steps()
    {
        Step(CampaignSteps.Sync, NightShape.FirstPatternNs, NightShape.FirstPatternNs + NightShape.PatternNs, Edges(NightShape.FirstPatternNs));
        Step(CampaignSteps.Baseline, NightShape.BaselineNs, NightShape.BaselineEndNs, DocumentJson.Write(new BaselineDocument(Target)));
        Step(CampaignSteps.Sync, NightShape.LastPatternNs, NightShape.LastPatternNs + NightShape.PatternNs, Edges(NightShape.LastPatternNs));
    }

    private void Step(string name, long fromNs, long toNs, string detail)
    {
        MoveTo(fromNs);
        var step = _store.Steps.Start(Campaign, null, name, detail);
        MoveTo(toNs);
        _store.Steps.Finish(step);
    }

    private void MoveTo(long lineNs) => _clock.Advance(TimeSpan.FromTicks((lineNs - _clock.MonotonicNs) / 100));

    private static string Edges(long startNs)
    {
        var edges = new List<LoadEdge>();
        var bits = NightShape.Pattern.Bits;
        for (var i = 1; i < bits.Count; i++)
        {
            if (bits[i] == bits[i - 1])
                continue;
            var at = NightShape.OnTarget(startNs + (long)(i * NightShape.Pattern.ChipSeconds * 1e9));
            edges.Add(new LoadEdge(bits[i], at - 100_000, at + 100_000));
        }

        return DocumentJson.Write(new PatternDocument(Target, edges));
    }

    private void Runs() => _store.Runs.Add(Enumerable.Range(0, NightShape.Runs).Select(i =>
    {
        var start = NightShape.RunStartNs(i);
        return new RunRecord
        {
            Id = $"{Campaign}.burn-r{i + 1}",
            Campaign = Campaign,
            PlanOrder = i,
            Target = Target,
            Workload = "burn",
            Repetition = i + 1,
            State = RunState.Finished,
            Outcome = RunOutcome.Passed,
            StartTargetNs = NightShape.OnTarget(start),
            EndTargetNs = NightShape.OnTarget(start + NightShape.RunNs),
            ExitCode = 0,
            Record = DocumentJson.Write(new RunDocument { LaunchedNs = start - 50_000_000, SeenEndNs = start + NightShape.RunNs + 50_000_000 }),
        };
    }));

    // Anchors, and bursts of six probes every two seconds, as a campaign keeps them.
    private void Clocks()
    {
        var random = new Random(2);
        var probes = new List<SyncObservation>();
        for (var at = NightShape.FirstNs; at < NightShape.LastNs; at += 2_000_000_000)
        {
            _store.Clocks.AddAnchor(Campaign, new HostAnchor(at, at, at + 1_767_224_600_000_000_000, at + 1_000));
            for (var i = 0; i < 6; i++)
            {
                var (out_, back) = (random.Next(100_000, 400_000), random.Next(100_000, 400_000));
                var before = at + i * 1_000_000;
                probes.Add(new SyncObservation(before, NightShape.OnTarget(before + out_), before + out_ + back, 1_000));
            }
        }

        _store.Clocks.AddObservations(Campaign, null, ClockId.Target(Target), probes);
    }

    private void Trace()
    {
        var trace = new TraceRecord
        {
            Campaign = Campaign,
            MeterUri = "virtual://wall",
            Description = new TraceDescription
            {
                Channel = Channel,
                Quantity = Quantity.ActivePower,
                Scale = new LinearScale(NightShape.ScaleWatts),
                IntervalSeconds = 0,
                Response = new MeterResponse(0.001, 0.001, 0) { AveragingKnown = true },
                Accuracy = new AccuracyLimit { ReadingPercent = 0.5, Absolute = 0.05 },
                Resolution = NightShape.ScaleWatts,
            },
        };
        var id = _store.Traces.Add(trace);
        using var writer = new ChunkWriter(_path, Campaign, _store.Context.Session);
        var input = new TraceInput(id, new RecorderQueue(1, 1));
        var buffers = Enumerable.Range(0, 600).Select(_ => new RawSample[ChunkSamples]).ToArray();
        var chunks = new List<SealedChunk>();
        var power = new NightPower();
        long sequence = 0;
        for (var at = NightShape.FirstNs; at < NightShape.LastNs;)
        {
            var buffer = buffers[chunks.Count];
            for (var i = 0; i < ChunkSamples; i++, at += NightShape.StepNs)
                buffer[i] = power.Next(at);
            chunks.Add(new SealedChunk(input, sequence++, buffer, ChunkSamples, 0));
            Samples += ChunkSamples;
            if (chunks.Count < buffers.Length && at < NightShape.LastNs)
                continue;
            writer.Commit(chunks, []);
            chunks.Clear();
        }
    }
}
