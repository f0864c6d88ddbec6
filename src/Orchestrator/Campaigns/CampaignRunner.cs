using MeterLab.Measurement;
using MeterLab.Measurement.Samples;
using MeterLab.Orchestrator.Acquisition;
using MeterLab.Orchestrator.Baselines;
using MeterLab.Orchestrator.Reconciliation;
using MeterLab.Orchestrator.Reports;
using MeterLab.Orchestrator.Rigs;
using MeterLab.Storage.Campaigns;
using MeterLab.Storage.Meters;
using MeterLab.Storage.Results;

namespace MeterLab.Orchestrator.Campaigns;

/// <summary>
/// One campaign from plan to results. Every step is a row in the store before it begins. Setup is all or nothing; what follows the
/// runs happens whatever became of them.
/// </summary>
public sealed class CampaignRunner(LabContext lab)
{
    /// <summary>What the results of a campaign are called in the store.</summary>
    public const string ResultKind = "campaign-results";

    private static readonly TimeSpan AnchorInterval = TimeSpan.FromSeconds(5);
    // Below this an estimator that asks every few seconds says nothing of a resting machine.
    private static readonly TimeSpan LeastAlone = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TeardownLimit = TimeSpan.FromSeconds(30);

    // The trace must reach past a window by a late meter's delay and a neighbour of the edge.
    private static readonly TimeSpan Tail = TimeSpan.FromSeconds(2.5);

    /// <summary>Told the campaign's id as soon as it has one.</summary>
    public event Action<string>? Registered;

    /// <summary>
    /// Runs the plan and returns its results. Throws <see cref="MeterLabException"/> where the rig cannot be brought up, and
    /// <see cref="OperationCanceledException"/> where it was interrupted: what was recorded stays, and the campaign says so.
    /// </summary>
    /// <param name="plan">What to run.</param>
    /// <param name="rig">On what.</param>
    /// <param name="texts">The files as they were, secrets hidden.</param>
    /// <param name="sync">The pattern; null takes one by the meters, unless the campaign switches it off.</param>
    /// <param name="cancellationToken">Interrupts it.</param>
    public async Task<CampaignResults> RunAsync(CampaignPlan plan, Rig rig, CampaignTexts texts, SyncPlan? sync, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(rig);
        ArgumentNullException.ThrowIfNull(texts);
        var id = Register(plan, rig, texts);
        Registered?.Invoke(id);
        try
        {
            await MeasureAsync(id, plan, rig, sync, cancellationToken).ConfigureAwait(false);
            await CampaignBaselines.KeepAsync(lab.Store, id, cancellationToken).ConfigureAwait(false);
            var results = Conclude(id);
            lab.Store.Campaigns.SetState(id, CampaignState.Finished);
            return results;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            lab.Store.Campaigns.SetState(id, CampaignState.Interrupted);
            throw;
        }
        catch (MeterLabException e)
        {
            lab.Store.Findings.Add(id, null, new Finding("campaign-failed", Severity.Invalid, e.Message));
            lab.Store.Campaigns.SetState(id, CampaignState.Failed);
            throw;
        }
    }

    /// <summary>Works a recorded campaign's results out and keeps them beside earlier ones.</summary>
    public CampaignResults Conclude(string id)
    {
        var step = lab.Store.Steps.Start(id, null, CampaignSteps.Reconcile);
        var results = Reconciler.Reconcile(EvidenceLoader.Load(lab.Store, id), lab.Version);
        lab.Store.Results.Add(new ResultRecord
        {
            Campaign = id,
            Kind = ResultKind,
            Inputs = ResultInputs.Of(lab.Store, id),
            Document = System.Text.Json.JsonSerializer.Serialize(results, ResultsJson.Options),
        });
        lab.Store.Steps.Finish(step);
        return results;
    }

    private string Register(CampaignPlan plan, Rig rig, CampaignTexts texts)
    {
        var now = lab.Clock.Anchor().UtcNs;
        var id = lab.Store.Campaigns.FreeId(plan.Campaign.Name, now);
        var targets = plan.Campaign.Targets.Select(name => rig.FindTarget(name)!).Select(target => new TargetDocument(
            target.Name,
            [.. target.FedBy.Select(feed => FeedDocument.Of(feed, rig.FindMeter(feed.Channel.Meter)!))],
            target.Hardware, target.GridIntensity));
        lab.Store.Campaigns.Add(new CampaignRecord
        {
            Id = id,
            Name = plan.Campaign.Name,
            Rig = rig.Name,
            StartedUtcNs = now,
            Seed = plan.Campaign.Order == RunOrder.Shuffled ? plan.Campaign.Seed : null,
            TolerancePct = plan.Campaign.Tolerance * 100,
            Plan = DocumentJson.Write(new PlanDocument([.. targets], rig.Limits, plan.Campaign.Tolerance, rig.RunLimits)),
            RigText = texts.Rig,
            CampaignText = texts.Campaign,
            MeterlabVersion = lab.Version,
        });
        lab.Store.Runs.Add(plan.Runs.Select((run, order) => new RunRecord
        {
            Id = RunId(id, run),
            Campaign = id,
            PlanOrder = order,
            Target = run.Target,
            Workload = run.Workload.Name,
            Parameters = DocumentJson.Write(run.Parameters),
            Repetition = run.Repetition,
        }));
        return id;
    }

    /// <summary>A run's name beyond its campaign: unique in the store and safe in a path.</summary>
    internal static string RunId(string campaign, PlannedRun run) => $"{campaign}.{run.Name}";

    private async Task MeasureAsync(string id, CampaignPlan plan, Rig rig, SyncPlan? sync, CancellationToken cancellationToken)
    {
        var targets = plan.Campaign.Targets.Select(name => rig.FindTarget(name)!).ToList();
        var channels = targets.SelectMany(target => target.FedBy).Select(feed => feed.Channel).ToHashSet();
        var meters = rig.Meters.Where(meter => channels.Any(channel => channel.Meter == meter.Name)).ToList();
        Say(0, plan, "opening meters and targets");
        lab.Store.Clocks.AddAnchor(id, lab.Clock.Anchor());
        var preflight = lab.Store.Steps.Start(id, null, CampaignSteps.Preflight);
        await using var recorder = await RigRecorder.OpenAsync(meters, lab.Meters, lab.Store, id, cancellationToken).ConfigureAwait(false);
        await KeepSettingsAsync(id, recorder, SettingsMoment.Before, cancellationToken).ConfigureAwait(false);
        var machines = new MachineWatch(lab, id);
        var sessions = new Dictionary<string, TargetSession>();
        using var anchors = lab.Time.CreateTimer(_ => KeepAnchor(id), null, AnchorInterval, AnchorInterval);
        try
        {
            foreach (var target in targets)
            {
                sessions.Add(target.Name, await TargetSession.OpenAsync(target, rig, lab, id, cancellationToken).ConfigureAwait(false));
                await machines.BeginAsync(sessions[target.Name], cancellationToken).ConfigureAwait(false);
            }

            recorder.Start(channels);
            await recorder.WaitForSamplesAsync(lab.Time, cancellationToken).ConfigureAwait(false);
            lab.Store.Steps.Finish(preflight);
            await PhasesAsync(id, plan, sessions, recorder, sync ?? Sync(id, plan, recorder), cancellationToken).ConfigureAwait(false);
            foreach (var session in sessions.Values)
                await machines.EndAsync(session, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            using var limit = new CancellationTokenSource(TeardownLimit, lab.Time);
            foreach (var session in sessions.Values)
                await session.DisposeAsync().ConfigureAwait(false);
            foreach (var changed in await recorder.StopAsync(limit.Token).ConfigureAwait(false))
            {
                lab.Store.Findings.Add(id, null, new Finding("meter-changed", Severity.Invalid,
                    $"{changed.Rig.Name} says it is another device at the end than at the start; its figures cannot be used."));
            }

            await KeepSettingsAsync(id, recorder, SettingsMoment.After, limit.Token).ConfigureAwait(false);

            if (recorder.LostByRecorder > 0)
                lab.Store.Findings.Add(id, null, new Finding("recorder-loss", Severity.Warning, $"{recorder.LostByRecorder} samples could not be stored in time; they show as gaps."));
            KeepAnchor(id);
        }
    }

    private async Task PhasesAsync(
        string id, CampaignPlan plan, Dictionary<string, TargetSession> sessions, RigRecorder recorder, SyncPlan? sync, CancellationToken cancellationToken)
    {
        var phases = plan.Campaign.Phases;
        foreach (var session in sessions.Values)
        {
            await SyncAsync(id, plan, session, sync, "first", cancellationToken).ConfigureAwait(false);
            Say(0, plan, $"{session.Rig.Name}: at rest, for the baseline");
            await RestAsync(id, null, CampaignSteps.Settle, phases.Settle, cancellationToken).ConfigureAwait(false);
            await BaselineAsync(id, null, session.Rig.Name, phases.Baseline, cancellationToken, kept: true).ConfigureAwait(false);
            await IdleEstimatorsAsync(id, plan, session, cancellationToken).ConfigureAwait(false);
        }

        var executor = new RunExecutor(lab, id);
        for (var i = 0; i < plan.Runs.Count; i++)
        {
            var run = plan.Runs[i];
            recorder.ThrowIfFailed();
            Say(i, plan, $"{run.Name} on {run.Target}");
            await RestAsync(id, RunId(id, run), CampaignSteps.Settle, phases.Settle, cancellationToken).ConfigureAwait(false);
            // Between runs too, so that a drift shows and is not taken for a difference between workloads. The first follows a long one.
            if (i > 0)
                await BaselineAsync(id, RunId(id, run), run.Target, phases.Between, cancellationToken).ConfigureAwait(false);
            await executor.RunAsync(run, sessions[run.Target], cancellationToken).ConfigureAwait(false);
            await RestAsync(id, RunId(id, run), CampaignSteps.CoolDown, phases.CoolDown, cancellationToken).ConfigureAwait(false);
        }

        foreach (var target in sessions.Keys)
            await BaselineAsync(id, null, target, phases.Between, cancellationToken).ConfigureAwait(false);
        if (sync is { AtEnd: true })
        {
            foreach (var session in sessions.Values)
                await SyncAsync(id, plan, session, sync, "last", cancellationToken).ConfigureAwait(false);
        }

        Say(plan.Runs.Count, plan, "letting the meters catch up");
        await Task.Delay(Tail, lab.Time, cancellationToken).ConfigureAwait(false);
        foreach (var session in sessions.Values)
            await session.ProbeAsync(cancellationToken).ConfigureAwait(false);
    }

    // After the stretch that the idle power comes from: estimators draw power themselves.
    private async Task IdleEstimatorsAsync(string id, CampaignPlan plan, TargetSession session, CancellationToken cancellationToken)
    {
        var beside = EstimatorsOf(plan, session).Where(own => own.Estimator.Launch(own.Settings, id) is not null).ToArray();
        if (beside.Length == 0 || plan.Campaign.Phases.Baseline <= TimeSpan.Zero)
            return;
        // All share the baseline's time, and each runs alone where its share is long enough to say something.
        var share = plan.Campaign.Phases.Baseline / beside.Length;
        var oneByOne = beside.Length == 1 || share >= LeastAlone;
        if (!oneByOne)
        {
            lab.Store.Findings.Add(id, null, new Finding("estimators-at-idle", Severity.Note, FormattableString.Invariant(
                $"{session.Rig.Name}: {string.Join(", ", beside.Select(own => own.Name))} ran beside each other at rest, and what each claims holds the others' draw: a share of {share.TotalSeconds:0.0} s each is too short. phases: baseline: {(LeastAlone * beside.Length).TotalSeconds:0}s runs them one after another.")));
        }

        var idle = new IdleEstimators(lab, session.Target, session.Rig with { Estimators = beside });
        foreach (var (group, number) in idle.Groups(oneByOne).Select((group, i) => (group, i + 1)))
        {
            Say(0, plan, $"{session.Rig.Name}: at rest, with {string.Join(", ", group.Select(own => own.Name))}");
            var step = lab.Store.Steps.Start(id, null, CampaignSteps.IdleEstimators);
            var seen = await idle.RunAsync(group, oneByOne ? share : plan.Campaign.Phases.Baseline, FormattableString.Invariant($"{id}.idle-{session.Rig.Name}-{number}"), cancellationToken)
                .ConfigureAwait(false);
            lab.Store.Steps.Finish(step, DocumentJson.Write(new IdleClaimsDocument(session.Rig.Name, seen.Claims, seen.FromNs, seen.ToNs)));
            foreach (var finding in seen.Findings)
                lab.Store.Findings.Add(id, null, finding with { Severity = Severity.Note, Detail = $"{session.Rig.Name}: {finding.Detail}" });
        }
    }

    private static TargetEstimator[] EstimatorsOf(CampaignPlan plan, TargetSession session) =>
        [.. plan.Runs.Where(run => run.Target == session.Rig.Name).SelectMany(run => run.Estimators).DistinctBy(own => own.Name)];

    private async Task SyncAsync(string id, CampaignPlan plan, TargetSession session, SyncPlan? sync, string which, CancellationToken cancellationToken)
    {
        if (sync is null)
            return;
        Say(0, plan, FormattableString.Invariant($"{session.Rig.Name}: sync pattern, {sync.Pattern.Seconds:0} s"));
        var step = lab.Store.Steps.Start(id, null, CampaignSteps.Sync);
        try
        {
            var (edges, sensors) = await SyncPlayer.PlayAsync(
                session.Target, session.Helper, sync.Pattern, session.LogicalCpus ?? 1, $"{id}.sync-{which}", EstimatorsOf(plan, session), lab.Time, cancellationToken)
                .ConfigureAwait(false);
            await session.ProbeAsync(cancellationToken).ConfigureAwait(false);
            lab.Store.Steps.Finish(step, DocumentJson.Write(new PatternDocument(session.Rig.Name, edges, sensors)));
        }
        catch (Targets.TargetException e)
        {
            // Without the pattern the meters' lags are those of their data sheets: wider, not wrong.
            lab.Store.Steps.Fail(step, e.Message);
            lab.Store.Findings.Add(id, null, new Finding("sync-pattern", Severity.Warning, $"The sync pattern failed; lags come from the profiles. {e.Message}"));
        }
    }

    private Task BaselineAsync(string id, string? run, string target, TimeSpan time, CancellationToken cancellationToken, bool kept = false) =>
        RestAsync(id, run, CampaignSteps.Baseline, time, cancellationToken, DocumentJson.Write(new BaselineDocument(target, kept)));

    private async Task RestAsync(string id, string? run, string step, TimeSpan time, CancellationToken cancellationToken, string detail = "")
    {
        if (time <= TimeSpan.Zero)
            return;
        var row = lab.Store.Steps.Start(id, run, step, detail);
        await Task.Delay(time, lab.Time, cancellationToken).ConfigureAwait(false);
        lab.Store.Steps.Finish(row);
    }

    // The slowest meter that counts as truth decides. Where no pattern can tell its lag, that is said, and the data sheet decides.
    private SyncPlan? Sync(string id, CampaignPlan plan, RigRecorder recorder)
    {
        var slowest = recorder.Meters.Where(meter => meter.Rig.Role == MeterRole.Truth)
            .Select(meter => meter.Meter.Facts.Response).MaxBy(response => response.UpdatePeriodSeconds);
        if (plan.Campaign.Phases.Sync == SyncMode.Off || slowest is null)
            return null;
        var (sync, reason) = SyncPlan.For(slowest, SyncPlan.UsualNoise);
        if (sync is null)
            lab.Store.Findings.Add(id, null, new Finding("sync-pattern", Severity.Warning, $"No sync pattern was played; lags come from the profiles: {reason}."));
        return sync;
    }

    // Settings are part of the measurement: what is kept here is compared when results are worked out (MeterSettingsCheck).
    private async Task KeepSettingsAsync(string id, RigRecorder recorder, SettingsMoment moment, CancellationToken cancellationToken)
    {
        foreach (var meter in recorder.Meters.Where(meter => moment != SettingsMoment.After || meter.IdentityAtEnd is not null))
        {
            try
            {
                var settings = await RigRecorder.ReadSettingsAsync(meter, cancellationToken).ConfigureAwait(false);
                lab.Store.Meters.AddSettings(MeterSettingsCheck.Record(id, meter.Rig.Name, moment, meter.Identity, settings));
            }
            catch (MeterLabException e) when (moment == SettingsMoment.After)
            {
                lab.Store.Findings.Add(id, null, new Finding("meter-settings-unread", Severity.Warning,
                    $"How {meter.Rig.Name} is set could not be read back at the end: {e.Message}"));
            }
        }
    }

    private void KeepAnchor(string id) => lab.Store.Clocks.AddAnchor(id, lab.Clock.Anchor());

    private void Say(int done, CampaignPlan plan, string message) => lab.Progress?.Report(new CampaignProgress(done, plan.Runs.Count, message));
}
