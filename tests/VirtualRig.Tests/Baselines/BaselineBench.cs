using System.Collections.Concurrent;

using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers;
using MeterLab.MeterDrivers.Modbus;
using MeterLab.Orchestrator.Baselines;
using MeterLab.Orchestrator.Campaigns;
using MeterLab.Orchestrator.Reports;
using MeterLab.Orchestrator.Rigs;
using MeterLab.Storage;
using MeterLab.TestKit;
using MeterLab.VirtualRig.World;

namespace MeterLab.VirtualRig.Tests.Baselines;

/// <summary>A virtual lab with one quick meter at the wall, and baselines that take seconds instead of minutes.</summary>
internal sealed class BaselineBench : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("meterlab-baseline-");
    private readonly SystemHostClock _clock = new();
    private readonly Rig _rig;

    public BaselineBench(long seed = 1, Waveform? rest = null, IReadOnlyList<TargetEstimator>? estimators = null, MeterCertificate? certificate = null)
    {
        var profiles = RepositoryFiles.Path("firmware-configs", "meters");
        // Twenty values a second instead of five: what needs sixty of them needs six seconds.
        var profile = Path.Combine(_folder.FullName, "quick-wall.yaml");
        File.WriteAllText(profile, File.ReadAllText(Path.Combine(profiles, "janitza-umg96rm.yaml")).Replace("200ms", "50ms", StringComparison.Ordinal));
        var definition = new VirtualRigDefinition
        {
            Seed = seed,
            World = new WorldParameters { RestScript = (rest ?? new ConstantWaveform(21)) + new WanderWaveform(0.3, 0.3, seed) },
            Services = [new VirtualService("ssh.service", 0, Running: true), new VirtualService("backup.service", 4)],
            Meters = [new VirtualModbusTcpMeter { Name = "wall", Model = profile, Scope = Scope.WallAc }],
        };
        Bench = new VirtualBench(definition, _clock, TimeProvider.System, profiles);
        Store = Store.Open(Path.Combine(_folder.FullName, "lab.db"), new StoreOptions { Clock = _clock });
        var environment = new MeterEnvironment { Clock = _clock, ProfileDirectory = profiles, OpenI2cBus = Bench.OpenI2cBus };
        Lab = new LabContext
        {
            Store = Store, Meters = new MeterFactory(environment, [new ModbusOpener()]), OpenTarget = (target, _) => Bench.OpenTarget(target.Name),
            Clock = _clock, Version = "test",
        };
        Target = new RigTarget
        {
            Name = "node1", Reach = new VirtualReach("node1"), FedBy = [new Feed(new ChannelId("wall", "total"), Scope.WallAc)], Estimators = estimators ?? [],
        };
        _rig = new Rig
        {
            Name = "bench", File = "rig.yaml", StorePath = Store.Path, Targets = [Target],
            Meters = [new RigMeter { Name = "wall", Uri = Bench.Resolve(MeterUri.Parse("virtual://wall")), Interval = TimeSpan.FromMilliseconds(25), Certificate = certificate }],
        };
    }

    public VirtualBench Bench { get; }

    public Store Store { get; }

    public LabContext Lab { get; }

    public RigTarget Target { get; }

    /// <summary>What was said while it was measured.</summary>
    public ConcurrentQueue<string> Said { get; } = new();

    /// <summary>Called with every word that is said.</summary>
    public Action<string>? OnSaid { get; set; }

    public static BaselineRequest Quick { get; } = new()
    {
        SettleAtLeast = TimeSpan.FromSeconds(2), AtLeast = TimeSpan.FromSeconds(6), AtMost = TimeSpan.FromSeconds(8), SettleAtMost = TimeSpan.FromSeconds(90),
    };

    public Task<BaselineResult> MeasureAsync(BaselineRequest? request = null) =>
        new BaselineMeter(Lab, Hear).MeasureAsync(Target, _rig, request ?? Quick, TestContext.Current.CancellationToken);

    /// <summary>A campaign of one short run, which rests for so long before it.</summary>
    public Task<CampaignResults> RunCampaignAsync(string baseline)
    {
        var text = $$"""
            campaign: night
            targets: [node1]
            workloads: [ { name: rest, run: [sleep, "1"], device: cpu } ]
            phases: { settle: 200ms, baseline: {{baseline}}, between: 1s, cool-down: 100ms, sync: off }
            """;
        var plan = CampaignPlan.For(CampaignFile.Parse(text, Path.Combine(_folder.FullName, "campaign.yaml"), _rig), _rig);
        return new CampaignRunner(Lab).RunAsync(plan, _rig, new CampaignTexts("", text), null, TestContext.Current.CancellationToken);
    }

    /// <summary>What the wall shows for so much behind the supply.</summary>
    public static double Wall(double restWatts)
    {
        var world = new WorldParameters();
        return world.WallFor(world.CpuIdleWatts + world.GpuIdleWatts + restWatts);
    }

    public async ValueTask DisposeAsync()
    {
        Store.Dispose();
        await Bench.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private void Hear(string words)
    {
        Said.Enqueue(words);
        OnSaid?.Invoke(words);
    }
}
