using MeterLab.Estimators;
using MeterLab.Measurement;
using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Energy;
using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.Orchestrator.Reconciliation;
using MeterLab.Orchestrator.Reports;
using MeterLab.Orchestrator.Rigs;
using MeterLab.Orchestrator.Targets;
using MeterLab.Orchestrator.Validity;

namespace MeterLab.Orchestrator.Tests.Validity;

/// <summary>
/// A campaign of one run that breaks no rule, and knobs to break each: 100 s of 150 W between rest at 50 W, polled ten times a second by a
/// meter of 200 W whose values are 0.1 W apart.
/// </summary>
internal sealed class KnownRun
{
    public const long StartNs = 1_100_000_000_000;
    public const double IdleW = 50;
    public const double BusyW = 150;

    private const long UtcMinusLine = 1_767_225_600_000_000_000;
    private const long Begin = 1_000_000_000_000;
    private const long End = 1_300_000_000_000;

    public double Seconds { get; set; } = 100;

    public double BusyWatts { get; set; } = BusyW;

    /// <summary>Share of samples that come late by half an interval.</summary>
    public double Late { get; set; }

    /// <summary>A hole in the run, s.</summary>
    public double GapS { get; set; }

    /// <summary>Added to one sample of the run, W.</summary>
    public double SpikeW { get; set; }

    /// <summary>What the second meter says more, as a factor; null without one.</summary>
    public double? CheckFactor { get; set; }

    public double ReadingPercent { get; set; } = 0.2;

    /// <summary>Length of a clock probe's round trip, ns.</summary>
    public long RoundTripNs { get; set; } = 100_000;

    public long HostStepNs { get; set; }

    /// <summary>The target's clock is set forward by this in the middle of the run.</summary>
    public long TargetStepNs { get; set; }

    public string? CertificateDate { get; set; } = "2025-11-01";

    public SampleFlags Flag { get; set; }

    public string SettingsAfter { get; set; } = "meter 1";

    public double? BaselineAgeDays { get; set; } = 1;

    public IReadOnlyList<string> ServicesNow { get; set; } = ["ssh.service"];

    public IdleBefore IdleBefore { get; set; } = new(new IdleGates(0.1, null, 60), 0.02, null, 41);

    public string Outcome { get; set; } = "passed";

    public string Estimator { get; set; } = "ml-co2-impact";

    public IReadOnlyList<(long FromNs, long ToNs)> Rests { get; set; } = [(Begin + 5_000_000_000, Begin + 65_000_000_000)];

    public RunLimits Limits { get; set; } = RunLimits.Default;

    public IReadOnlyList<AtIdleEvidence> AtIdle { get; set; } = [];

    public CoreEvidence? Core { get; set; }

    public double? OverheadCpuSeconds { get; set; }

    public RunResult Reconcile() => Reconciler.Reconcile(Evidence(), "test").Runs[0];

    public CampaignEvidence Evidence()
    {
        var feeds = new List<FeedEvidence> { new(new ChannelId("wall", "total"), Scope.WallAc, MeterRole.Truth, 200, CertificateDate) };
        if (CheckFactor is not null)
            feeds.Add(new FeedEvidence(new ChannelId("second", "total"), Scope.WallAc, MeterRole.Check));
        return new CampaignEvidence
        {
            Campaign = "known", Id = "known-1", Rig = "bench", StartedUtcNs = Begin + UtcMinusLine, Tolerance = 0.05, Limits = ValidityLimits.Default,
            RunLimits = Limits, Settings = [new SettingsEvidence("wall", "meter 1", SettingsAfter)], HostLine = new HostTimeLine(Anchors()),
            Targets =
            [
                new TargetEvidence
                {
                    Name = "node1", Feeds = feeds, Hardware = new Hardware { Cpu = new HardwarePart("Some processor", 65) }, Clock = Probes(), Baselines = Rests,
                    AtIdle = AtIdle, Core = Core,
                    Machine = new MachineEvidence(string.Join(',', ServicesNow), [new FingerprintPart("service", ServicesNow, true)]),
                    Baseline = BaselineAgeDays is { } days
                        ? new BaselineEvidence(Begin + UtcMinusLine - (long)(days * 86400e9), IdleW, 0.2, "ssh.service", [new FingerprintPart("service", ["ssh.service"], true)])
                        : null,
                },
            ],
            Runs = [Run()],
            Power = (channel, from, to) => new RecordedTrace(
                Description(channel), [.. Samples(channel.Meter == "second" ? CheckFactor ?? 1 : 1).Where(s => s.AfterNs >= from && s.BeforeNs <= to)]),
        };
    }

    private RunEvidence Run() => new()
    {
        Run = "known-1.busy-01", Target = "node1", Workload = "busy", Parameters = new Dictionary<string, string>(), Repetition = 1, Outcome = Outcome,
        ExitCode = Outcome == "passed" ? 0 : 1, StartTargetNs = TargetNs(StartNs), EndTargetNs = TargetNs(EndNs), LaunchedNs = StartNs - 50_000_000,
        SeenEndNs = EndNs + 200_000_000, Device = Device.Cpu, CpuSeconds = Seconds, OverheadCpuSeconds = OverheadCpuSeconds, Estimators = [new EstimatorEvidence(Estimator, [])], IdleBefore = IdleBefore,
    };

    private long EndNs => StartNs + (long)(Seconds * 1e9);

    private long TargetNs(long lineNs) => lineNs + UtcMinusLine + 1_000_000_000 + (lineNs > StartNs + (EndNs - StartNs) / 2 ? TargetStepNs : 0);

    private IEnumerable<HostAnchor> Anchors()
    {
        for (var at = Begin; at <= End; at += 5_000_000_000)
            yield return new HostAnchor(at, at, at + UtcMinusLine + (at > StartNs + 20_000_000_000 ? HostStepNs : 0), at + 1000);
    }

    private List<SyncObservation> Probes()
    {
        var probes = new List<SyncObservation>();
        for (var at = Begin; at <= End; at += 1_000_000_000)
            probes.Add(new SyncObservation(at, TargetNs(at + RoundTripNs / 2), at + RoundTripNs));
        return probes;
    }

    private TraceDescription Description(ChannelId channel) => new()
    {
        Channel = channel, Quantity = Quantity.ActivePower, Scale = new LinearScale(0.1), IntervalSeconds = 0.1, Resolution = 0.1,
        Response = new MeterResponse(0.1, 0.1, 0) { AveragingKnown = true, DelayKnown = true },
        Accuracy = new AccuracyLimit { ReadingPercent = ReadingPercent },
    };

    private IEnumerable<RawSample> Samples(double factor)
    {
        const long Step = 100_000_000;
        var number = 0;
        for (var at = Begin; at <= End; at += Step, number++)
        {
            var hole = at - StartNs - 30_000_000_000;
            if (hole > 0 && hole < GapS * 1e9)
                continue;
            // A value is the mean of the interval that ends when it is read.
            var busy = Math.Clamp(Math.Min(at, EndNs) - Math.Max(at - Step, StartNs), 0, Step) / (double)Step;
            var watts = IdleW + (BusyWatts - IdleW) * busy + 0.4 * Math.Sin(12.9 * number) + (number == 1500 ? SpikeW : 0);
            var late = number % 10 < 10 * Late ? Step / 2 : 0;
            yield return new RawSample(at + late, at + late, 0, (long)Math.Round(10 * watts * factor), number == 1500 ? Flag : SampleFlags.None);
        }
    }
}
