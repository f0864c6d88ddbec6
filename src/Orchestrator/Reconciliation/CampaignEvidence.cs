using MeterLab.Estimators;
using MeterLab.Measurement;
using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Energy;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.Orchestrator.Baselines;
using MeterLab.Orchestrator.Rigs;
using MeterLab.Orchestrator.Targets;
using MeterLab.Orchestrator.Validity;

namespace MeterLab.Orchestrator.Reconciliation;

/// <summary>
/// Everything that a campaign recorded, as the reconciler takes it: raw traces, clock observations, stamps, estimator files.
/// Reconciling is a pure function of this, so an old campaign can be reconciled again with better fits.
/// </summary>
public sealed record CampaignEvidence
{
    /// <summary>The campaign's name.</summary>
    public required string Campaign { get; init; }

    /// <summary>Its id: name and UTC stamp.</summary>
    public required string Id { get; init; }

    /// <summary>The rig's name.</summary>
    public required string Rig { get; init; }

    /// <summary>UTC, ns since 1970.</summary>
    public required long StartedUtcNs { get; init; }

    /// <summary>UTC, ns since 1970; null where it did not end.</summary>
    public long? EndedUtcNs { get; init; }

    /// <summary>The plan's seed.</summary>
    public long? Seed { get; init; }

    /// <summary>Verdict tolerance as a factor: 0.05.</summary>
    public required double Tolerance { get; init; }

    /// <summary>What must hold of an energy.</summary>
    public required ValidityLimits Limits { get; init; }

    /// <summary>And of a run besides.</summary>
    public RunLimits RunLimits { get; init; } = RunLimits.Default;

    /// <summary>Identity and settings of the meters at both ends.</summary>
    public IReadOnlyList<SettingsEvidence> Settings { get; init; } = [];

    /// <summary>The targets of the campaign.</summary>
    public required IReadOnlyList<TargetEvidence> Targets { get; init; }

    /// <summary>The lab host's clocks.</summary>
    public required HostTimeLine HostLine { get; init; }

    /// <summary>The runs, in the order in which they were made.</summary>
    public required IReadOnlyList<RunEvidence> Runs { get; init; }

    /// <summary>Findings about the campaign as a whole.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>
    /// The active-power trace of a channel between two moments of the line (ns), samples in order; null where nothing was recorded.
    /// </summary>
    public required Func<ChannelId, long, long, RecordedTrace?> Power { get; init; }

    /// <summary>The same of the channel's energy register; null where it has none or it was not recorded.</summary>
    public Func<ChannelId, long, long, RecordedTrace?> Register { get; init; } = (_, _, _) => null;

    /// <summary>What <see cref="Power"/> found broken in the recordings so far; grows as traces are read.</summary>
    public IReadOnlyCollection<Finding> Damage { get; init; } = [];
}

/// <summary>A piece of a trace.</summary>
/// <param name="Description">What its codes mean, with the rig's overrides already in it.</param>
/// <param name="Samples">The samples, in order.</param>
public sealed record RecordedTrace(TraceDescription Description, RawSample[] Samples);

/// <summary>One channel that feeds a target.</summary>
/// <param name="Channel">The meter and its channel.</param>
/// <param name="Scope">What it covers.</param>
/// <param name="Role">Truth, or a second meter in series.</param>
/// <param name="RangeW">The meter's range by the rig file, W; null where it does not say.</param>
/// <param name="CertificateDate">Day of its calibration, year-month-day; null without a certificate.</param>
public sealed record FeedEvidence(ChannelId Channel, Scope Scope, MeterRole Role, double? RangeW = null, string? CertificateDate = null);

/// <summary>What a meter said of itself: identity and settings as kept.</summary>
/// <param name="Meter">Its name.</param>
/// <param name="Before">At the campaign's start.</param>
/// <param name="After">At its end; null where it was not asked any more.</param>
public sealed record SettingsEvidence(string Meter, string Before, string? After);

/// <summary>A baseline that was in the store before the campaign began.</summary>
/// <param name="MeasuredUtcNs">When, UTC, ns since 1970.</param>
/// <param name="StaticW">W.</param>
/// <param name="StandardW">Standard uncertainty, W.</param>
/// <param name="Fingerprint">The machine's then.</param>
/// <param name="Machine">And what it was made of; empty where that was not kept.</param>
public sealed record BaselineEvidence(long MeasuredUtcNs, double StaticW, double StandardW, string Fingerprint, IReadOnlyList<FingerprintPart> Machine);

/// <summary>Estimators that ran together beside a target at rest.</summary>
/// <param name="Claims">What each claimed.</param>
/// <param name="FromNs">Since when on the line, ns.</param>
/// <param name="ToNs">Until when; not after <paramref name="FromNs"/> where that was not kept.</param>
public sealed record AtIdleEvidence(IReadOnlyList<Baselines.EstimatorAtIdle> Claims, long FromNs, long ToNs);

/// <summary>What a busy processor of a target draws, from the load steps of a baseline.</summary>
/// <param name="Core">W a busy processor, with its standard uncertainty.</param>
/// <param name="MeasuredUtcNs">When, UTC, ns since 1970.</param>
public sealed record CoreEvidence(CoreWatts Core, long MeasuredUtcNs);

/// <summary>A machine as it described itself.</summary>
/// <param name="Hash">The fingerprint.</param>
/// <param name="Parts">What it is made of.</param>
public sealed record MachineEvidence(string Hash, IReadOnlyList<FingerprintPart> Parts);

/// <summary>A target in a campaign.</summary>
public sealed record TargetEvidence
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What feeds it.</summary>
    public required IReadOnlyList<FeedEvidence> Feeds { get; init; }

    /// <summary>Its parts.</summary>
    public required Hardware Hardware { get; init; }

    /// <summary>The carbon intensity of its electricity; null where nobody told.</summary>
    public GridIntensity? Grid { get; init; }

    /// <summary>What estimators claimed of it at rest, by those that ran together.</summary>
    public IReadOnlyList<AtIdleEvidence> AtIdle { get; init; } = [];

    /// <summary>All probes of its clock in this campaign.</summary>
    public required IReadOnlyList<SyncObservation> Clock { get; init; }

    /// <summary>Sync patterns that it played.</summary>
    public IReadOnlyList<PlayedPattern> Patterns { get; init; } = [];

    /// <summary>Stretches of the line in which it was idle, ns.</summary>
    public IReadOnlyList<(long FromNs, long ToNs)> Baselines { get; init; } = [];

    /// <summary>The newest baseline in its widest scope from before the campaign; null where there is none.</summary>
    public BaselineEvidence? Baseline { get; init; }

    /// <summary>Whether this campaign's own idle power is among the kept ones: then it was compared with the earlier ones when it was kept.</summary>
    public bool BaselineKept { get; init; }

    /// <summary>What a busy processor draws, from the newest baseline in its widest scope that has load steps; null where none has.</summary>
    public CoreEvidence? Core { get; init; }

    /// <summary>The machine at the campaign's start; null where it did not say.</summary>
    public MachineEvidence? Machine { get; init; }
}

/// <summary>A sync pattern as it was played, between two moments of the line.</summary>
public sealed record PlayedPattern(long FromNs, long ToNs, IReadOnlyList<LoadEdge> Edges)
{
    /// <summary>What the target's own sensors saw of it.</summary>
    public IReadOnlyList<SensorTrace> Sensors { get; init; } = [];
}

/// <summary>What a sensor of a target saw of a sync pattern, on the target's own clock: means between two readings.</summary>
/// <param name="Estimator">The sensor's name.</param>
/// <param name="EndNs">When each mean ended, ns since 1970; none where it said nothing.</param>
/// <param name="Watts">The means, W.</param>
public sealed record SensorTrace(string Estimator, IReadOnlyList<long> EndNs, IReadOnlyList<double> Watts);

/// <summary>One run's record.</summary>
public sealed record RunEvidence
{
    /// <summary>Its name in the campaign.</summary>
    public required string Run { get; init; }

    /// <summary>The target's name.</summary>
    public required string Target { get; init; }

    /// <summary>The workload's name.</summary>
    public required string Workload { get; init; }

    /// <summary>Its parameters.</summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    /// <summary>From 1.</summary>
    public required int Repetition { get; init; }

    /// <summary>passed failed error timed-out aborted</summary>
    public required string Outcome { get; init; }

    /// <summary>The workload's exit code.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The runner's stamps on the target's clock, ns; null where it never started or never ended.</summary>
    public long? StartTargetNs { get; init; }

    /// <summary>See <see cref="StartTargetNs"/>.</summary>
    public long? EndTargetNs { get; init; }

    /// <summary>The line just before it was launched, ns: it cannot have started earlier.</summary>
    public required long LaunchedNs { get; init; }

    /// <summary>The line when its end was seen, ns: it cannot have ended later.</summary>
    public required long SeenEndNs { get; init; }

    /// <summary>What static estimators count.</summary>
    public required Device Device { get; init; }

    /// <summary>CPU seconds of the workload.</summary>
    public double? CpuSeconds { get; init; }

    /// <summary>CPU seconds of the whole machine in the run.</summary>
    public double? MachineCpuSeconds { get; init; }

    /// <summary>Logical processors, as the target told.</summary>
    public int? LogicalCpus { get; init; }

    /// <summary>CPU seconds that MeterLab's runner and probes cost the target.</summary>
    public double? OverheadCpuSeconds { get; init; }

    /// <summary>How busy and hot it was just before; null where nobody asked.</summary>
    public IdleBefore? IdleBefore { get; init; }

    /// <summary>CPU seconds of the clock probes' helper alone, by the target's own accounting.</summary>
    public double? ProbeCpuSeconds { get; init; }

    /// <summary>The line's seconds in which they were spent.</summary>
    public double? ProbeElapsedSeconds { get; init; }

    /// <summary>Who keeps the target's clock, by its own account.</summary>
    public ClockStatus? ClockStatus { get; init; }

    /// <summary>The estimators asked, with what each wrote.</summary>
    public required IReadOnlyList<EstimatorEvidence> Estimators { get; init; }

    /// <summary>Findings made while measuring.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];
}

/// <summary>What one estimator left behind in one run.</summary>
/// <param name="Name">The estimator.</param>
/// <param name="Files">What it wrote; empty where it runs nothing.</param>
/// <param name="CpuSeconds">CPU seconds that its program cost the target; null where nothing ran there, or that is not known.</param>
public sealed record EstimatorEvidence(string Name, IReadOnlyList<EstimatorFile> Files, double? CpuSeconds = null);
