using System.Globalization;

using MeterLab.Estimators;
using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Energy;
using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers;
using MeterLab.Orchestrator.Campaigns;
using MeterLab.Orchestrator.Reconciliation;
using MeterLab.Orchestrator.Reports;
using MeterLab.Orchestrator.Rigs;
using MeterLab.Orchestrator.Targets;
using MeterLab.Storage;
using MeterLab.Storage.Campaigns;

namespace MeterLab.Orchestrator.Tests.Clocks;

/// <summary>A campaign without meters: a real target, a real store, and a wall meter that has always shown 100 W.</summary>
internal sealed class ClockLab : IAsyncDisposable
{
    private const string Campaign = "clocks-20260101T000000Z";

    private static readonly ChannelId Wall = new("wall", "total");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("meterlab-clock-lab-");
    private readonly Store _store;
    private readonly LabContext _lab;

    private ClockLab(ITarget target)
    {
        var clock = new SystemHostClock();
        _store = Store.Open(Path.Combine(_folder.FullName, "lab.db"), new StoreOptions { Clock = clock, Version = "1.2.3" });
        _lab = new LabContext
        {
            Store = _store,
            Meters = new MeterFactory(new MeterEnvironment { Clock = clock, ProfileDirectory = _folder.FullName }, []),
            OpenTarget = (_, _) => target,
            Clock = clock,
            Version = "1.2.3",
        };
        var plan = new PlanDocument(
            [new TargetDocument("box", [new FeedDocument(Wall, Scope.WallAc, MeterRole.Truth)], new Hardware())], ValidityLimits.Default, 0.05);
        _store.Campaigns.Add(new CampaignRecord
        {
            Id = Campaign, Name = "clocks", Rig = "bench", StartedUtcNs = clock.Anchor().UtcNs, TolerancePct = 5,
            Plan = DocumentJson.Write(plan), RigText = "", CampaignText = "",
        });
        _store.Clocks.AddAnchor(Campaign, clock.Anchor());
    }

    /// <summary>The target's session; its clock is probed as in any campaign.</summary>
    public TargetSession Session { get; private set; } = null!;

    /// <summary>What was found about the campaign as a whole.</summary>
    public IReadOnlyList<string> Findings => [.. _store.Findings.OfCampaign(Campaign).Select(f => $"{f.Finding.Rule}: {f.Finding.Detail}")];

    /// <summary>Every probe so far.</summary>
    public IReadOnlyList<SyncObservation> Probes => [.. _store.Clocks.Observations(Campaign, ClockId.Target("box")).Select(o => o.Observation)];

    /// <summary>Opens one on a target, which it takes over.</summary>
    public static async Task<ClockLab> OpenAsync(ITarget target, CancellationToken cancellationToken)
    {
        var lab = new ClockLab(target);
        var rigTarget = new RigTarget { Name = "box", Reach = new LocalReach() };
        var rig = new Rig { Name = "bench", File = "rig.yaml", StorePath = lab._store.Path, Meters = [], Targets = [rigTarget] };
        lab.Session = await TargetSession.OpenAsync(rigTarget, rig, lab._lab, Campaign, cancellationToken);
        return lab;
    }

    /// <summary>Executes a program as a run, as campaigns do.</summary>
    public async Task RunAsync(int number, IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        var run = new PlannedRun
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"work-{number}"),
            Target = "box",
            Workload = new Workload { Name = "work", Command = command, Timeout = TimeSpan.FromSeconds(20) },
            Parameters = new Dictionary<string, string>(),
            Repetition = number,
            Estimators = [],
            Device = Device.Cpu,
            Command = command,
            Environment = new Dictionary<string, string>(),
        };
        var id = CampaignRegister.RunId(Campaign, run.Name);
        _store.Runs.Add([new RunRecord { Id = id, Campaign = Campaign, PlanOrder = number, Target = "box", Workload = "work", Parameters = "{}", Repetition = number }]);
        await new RunExecutor(_lab, Campaign).RunAsync(run, Session, cancellationToken);
        _store.Clocks.AddAnchor(Campaign, _lab.Clock.Anchor());
    }

    /// <summary>What the campaign's results say of the runs so far.</summary>
    public IReadOnlyList<RunResult> Results() =>
        Reconciler.Reconcile(EvidenceLoader.Load(_store, Campaign) with { Power = AlwaysOneHundredWatts }, "1.2.3").Runs;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync();
        _store.Dispose();
        _folder.Delete(recursive: true);
    }

    private static RecordedTrace AlwaysOneHundredWatts(ChannelId channel, long fromNs, long toNs)
    {
        const long Interval = 20_000_000;
        var description = new TraceDescription
        {
            Channel = channel, Quantity = Quantity.ActivePower, Scale = new LinearScale(1), IntervalSeconds = 0.02,
            Response = new MeterResponse(0.02, 0.02, 0.02) { AveragingKnown = true, DelayKnown = true },
            Accuracy = new AccuracyLimit { ReadingPercent = 0.5 }, Resolution = 0.1,
        };
        var samples = new List<RawSample>();
        for (var at = fromNs; at < toNs; at += Interval)
            samples.Add(new RawSample(at, at + 100_000, 0, 100, SampleFlags.None));
        return new RecordedTrace(description, [.. samples]);
    }
}
