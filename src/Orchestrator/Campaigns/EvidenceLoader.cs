using MeterLab.Estimators;
using MeterLab.Measurement;
using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.Orchestrator.Baselines;
using MeterLab.Orchestrator.Reconciliation;
using MeterLab.Orchestrator.Rigs;
using MeterLab.Orchestrator.Validity;
using MeterLab.Storage;
using MeterLab.Storage.Campaigns;
using MeterLab.Storage.Meters;
using MeterLab.Storage.Traces;

namespace MeterLab.Orchestrator.Campaigns;

/// <summary>Takes a campaign's evidence out of the store, without the rig, the targets or the meters at hand.</summary>
public static class EvidenceLoader
{
    /// <summary>Loads the campaign of this id. Traces are read when they are asked for. Throws <see cref="StoreException"/> where it is not there.</summary>
    public static CampaignEvidence Load(Store store, string campaignId)
    {
        ArgumentNullException.ThrowIfNull(store);
        var campaign = store.Campaigns.Get(campaignId);
        if (store.Pruning.WordsOf(campaign.Id) is { } pruned)
            throw new StoreException(StoreFailure.NotFound, $"{store.Path}: nothing can be worked out of the campaign {campaign.Id} any more. {pruned}");
        var plan = DocumentJson.Read<PlanDocument>(campaign.Plan);
        var kept = store.Meters.Settings(campaign.Id);
        var settings = plan.Targets.ToDictionary(target => target.Name, target => MeterSettingsCheck.Of(kept, target.Feeds));
        var steps = store.Steps.OfCampaign(campaign.Id);
        var damage = new List<Finding>();
        var anchors = store.Clocks.Anchors(campaign.Id);
        var lines = BootLines.Of(anchors);
        var notes = RunNotes.Of(store, campaign.Id);
        return new CampaignEvidence
        {
            Campaign = campaign.Name,
            Id = campaign.Id,
            Rig = campaign.Rig,
            StartedUtcNs = campaign.StartedUtcNs,
            EndedUtcNs = campaign.EndedUtcNs,
            Seed = campaign.Seed,
            Tolerance = plan.Tolerance,
            Limits = plan.Limits,
            RunLimits = plan.RunLimits ?? RunLimits.Default,
            Settings = MeterSettings(store, campaign.Id),
            Targets = [.. plan.Targets.Select(target => Target(target, store, campaign, steps, lines))],
            HostLine = anchors.Count > 0
                ? new HostTimeLine(lines.Anchors)
                : throw new StoreException(StoreFailure.NotFound, $"{store.Path}: the campaign {campaign.Id} recorded nothing; its process ended before the recorder began."),
            Runs =
            [
                .. store.Runs.OfCampaign(campaign.Id).Where(run => run.State == RunState.Finished)
                    .Select(run => Run(run, store, steps, lines, [.. notes.Findings(run.Id), .. settings.GetValueOrDefault(run.Target, [])])),
            ],
            Findings = [.. store.Findings.OfCampaign(campaign.Id).Where(f => f.Run is null).Select(f => f.Finding)],
            Power = (channel, fromNs, toNs) => Piece(store, campaign.Id, (channel, Quantity.ActivePower), (fromNs, toNs), lines, damage),
            Register = (channel, fromNs, toNs) => Piece(store, campaign.Id, (channel, Quantity.EnergyImport), (fromNs, toNs), lines, damage),
            Damage = damage,
        };
    }

    private static TargetEvidence Target(TargetDocument target, Store store, CampaignRecord campaign, IReadOnlyList<StepRecord> steps, BootLines lines) => new()
    {
        Name = target.Name,
        Hardware = target.Hardware,
        Grid = target.Grid,
        AtIdle =
        [
            .. steps.Where(step => step is { Name: CampaignSteps.IdleEstimators, State: StepState.Finished } && lines.ShiftOf(step.Boot) is not null)
                .Select(step => (Shift: lines.ShiftOf(step.Boot)!.Value, Document: DocumentJson.Read<IdleClaimsDocument>(step.Detail)))
                .Where(step => step.Document.Target == target.Name)
                .Select(step => new AtIdleEvidence(step.Document.Claims, step.Document.FromNs + step.Shift, step.Document.ToNs + step.Shift)),
        ],
        Feeds = [.. target.Feeds.Select(feed => new FeedEvidence(feed.Channel, feed.Scope, feed.Role, feed.RangeW, feed.CertificateDate))],
        Baseline = Baseline(target, store, campaign.StartedUtcNs),
        BaselineKept = store.Baselines.History(target.Name).Any(one => one.Campaign == campaign.Id),
        Core = Core(target, store, campaign.StartedUtcNs),
        Machine = steps.Where(step => step.Name == CampaignSteps.Machine && step.State == StepState.Finished)
            .Select(step => DocumentJson.Read<MachineDocument>(step.Detail))
            .Where(machine => machine.Target == target.Name)
            .Select(machine => new MachineEvidence(machine.Hash, machine.Parts)).FirstOrDefault(),
        Clock =
        [
            .. store.Clocks.Observations(campaign.Id, ClockId.Target(target.Name))
                .Where(o => lines.ShiftOf(o.Boot) is not null)
                .Select(o => BootLines.Move(o.Observation, lines.ShiftOf(o.Boot)!.Value)),
        ],
        Patterns =
        [
            .. Finished(steps, CampaignSteps.Sync, lines)
                .Select(step => (step.FromNs, step.ToNs, Document: DocumentJson.Read<PatternDocument>(step.Detail)))
                .Where(step => step.Document.Target == target.Name)
                .Select(step => new PlayedPattern(step.FromNs, step.ToNs, step.Document.Edges) { Sensors = step.Document.Sensors ?? [] }),
        ],
        Baselines =
        [
            .. Finished(steps, CampaignSteps.Baseline, lines)
                .Where(step => DocumentJson.Read<BaselineDocument>(step.Detail).Target == target.Name)
                .Select(step => (step.FromNs, step.ToNs)),
        ],
    };

    // Of the widest scope: the one that a run's static share is stated in. The newest first.
    private static IEnumerable<Storage.Results.BaselineRecord> Earlier(TargetDocument target, Store store, long startedUtcNs)
    {
        var scope = target.Feeds.Where(feed => feed.Role == MeterRole.Truth).Select(feed => (Scope?)feed.Scope).Min();
        return scope is null ? [] : store.Baselines.History(target.Name).Where(one => one.Scope == Scopes.NameOf(scope.Value) && one.MeasuredUtcNs <= startedUtcNs).Reverse();
    }

    private static CoreEvidence? Core(TargetDocument target, Store store, long startedUtcNs) => Earlier(target, store, startedUtcNs)
        .Select(record => (record.MeasuredUtcNs, Core: BaselineMeter.Read(record) is { PowerCurve: { } curve } baseline ? CoreWatts.Of(curve, baseline) : null))
        .Where(one => one.Core is not null).Select(one => new CoreEvidence(one.Core!, one.MeasuredUtcNs)).FirstOrDefault();

    private static BaselineEvidence? Baseline(TargetDocument target, Store store, long startedUtcNs)
    {
        var record = Earlier(target, store, startedUtcNs).FirstOrDefault();
        return record is null ? null : new BaselineEvidence(
            record.MeasuredUtcNs, record.StaticW, record.StandardUncertaintyW, record.Fingerprint, BaselineMeter.Read(record)?.Machine ?? []);
    }

    private static IReadOnlyList<SettingsEvidence> MeterSettings(Store store, string campaign) =>
    [
        .. store.Meters.Settings(campaign).GroupBy(settings => settings.Meter).Select(meter =>
        {
            string? At(SettingsMoment moment) => meter.LastOrDefault(one => one.Moment == moment) is { } one ? $"{one.Identity} {one.Settings}" : null;
            return (meter.Key, Before: At(SettingsMoment.Before), After: At(SettingsMoment.After));
        }).Where(meter => meter.Before is not null).Select(meter => new SettingsEvidence(meter.Key, meter.Before!, meter.After)),
    ];

    // The steps of a name that were finished, on the common line.
    private static IEnumerable<(long FromNs, long ToNs, string Detail)> Finished(IReadOnlyList<StepRecord> steps, string name, BootLines lines)
    {
        foreach (var step in steps)
        {
            if (step.Name == name && step.State == StepState.Finished && step.EndedNs is { } ended && lines.ShiftOf(step.Boot) is { } shift)
                yield return (step.StartedNs + shift, ended + shift, step.Detail);
        }
    }

    // A run has no boot of its own; the steps in which it was launched and brought home have. Each may be of another boot.
    private static long ShiftOf(string run, string step, IReadOnlyList<StepRecord> steps, BootLines lines) =>
        steps.LastOrDefault(s => s.Run == run && s.Name == step) is { } last ? lines.ShiftOf(last.Boot) ?? 0 : 0;

    private static RunEvidence Run(RunRecord run, Store store, IReadOnlyList<StepRecord> steps, BootLines lines, IReadOnlyList<Finding> findings)
    {
        var document = DocumentJson.Read<RunDocument>(run.Record);
        var files = store.Outputs.OfRun(run.Id);
        var launched = ShiftOf(run.Id, CampaignSteps.Workload, steps, lines);
        var collected = steps.Any(s => s.Run == run.Id && s.Name == CampaignSteps.Collect) ? ShiftOf(run.Id, CampaignSteps.Collect, steps, lines) : launched;
        return new RunEvidence
        {
            Run = run.Id,
            Target = run.Target,
            Workload = run.Workload,
            Parameters = DocumentJson.Read<Dictionary<string, string>>(run.Parameters),
            Repetition = run.Repetition,
            Outcome = OutcomeWord(run.Outcome!.Value),
            ExitCode = run.ExitCode,
            StartTargetNs = run.StartTargetNs,
            EndTargetNs = run.EndTargetNs,
            LaunchedNs = document.LaunchedNs + launched,
            SeenEndNs = document.SeenEndNs + collected,
            Device = document.Device,
            CpuSeconds = document.CpuSeconds,
            MachineCpuSeconds = document.MachineCpuSeconds,
            LogicalCpus = document.LogicalCpus,
            OverheadCpuSeconds = document.OverheadCpuSeconds,
            ProbeCpuSeconds = document.ProbeCpuSeconds,
            ProbeElapsedSeconds = document.ProbeElapsedSeconds,
            ClockStatus = document.ClockStatus,
            IdleBefore = document.IdleBefore,
            Estimators =
            [
                .. document.Estimators.Select(name => new EstimatorEvidence(
                    name, [.. files.Where(f => f.Estimator == name).Select(f => new EstimatorFile(f.Path, f.Content))],
                    document.EstimatorCpuSeconds.TryGetValue(name, out var seconds) ? seconds : null)),
            ],
            Findings = [.. document.Findings, .. findings],
        };
    }

    private static string OutcomeWord(RunOutcome outcome) => outcome switch
    {
        RunOutcome.Passed => "passed",
        RunOutcome.Failed => "failed",
        RunOutcome.TimedOut => "timed-out",
        RunOutcome.Aborted => "aborted",
        _ => "error",
    };

    // A resumed campaign has several traces of one channel; a window lies in one of them, and another may reach far into its margin.
    private static RecordedTrace? Piece(
        Store store, string campaign, (ChannelId Channel, Quantity Quantity) wanted, (long FromNs, long ToNs) window, BootLines lines, ICollection<Finding> damage)
    {
        var middle = window.FromNs + (window.ToNs - window.FromNs) / 2;
        RecordedTrace? best = null;
        foreach (var trace in store.Traces.OfChannel(campaign, wanted.Channel, wanted.Quantity))
        {
            if (lines.ShiftOf(trace.Boot) is not { } shift)
                continue;
            var samples = BootLines.Move(store.Traces.Samples(trace.Id, window.FromNs - shift, window.ToNs - shift, damage), shift);
            if (best is null || TraceChoice.Outside(samples, middle) < TraceChoice.Outside(best.Samples, middle))
                best = new RecordedTrace(trace.Description, samples);
        }

        return best;
    }
}
