using System.Globalization;

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
    private static readonly TimeSpan TeardownLimit = TimeSpan.FromSeconds(30);

    // The trace must reach past a window by a late meter's delay and a neighbour of the edge.
    private static readonly TimeSpan Tail = TimeSpan.FromSeconds(2.5);

    // Names on a target are used once: those of a part that was cut off may still lie there.
    private string _part = "";

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
        var id = CampaignRegister.Add(lab, plan, rig, texts);
        Registered?.Invoke(id);
        return await CarryOutAsync(id, plan, rig, sync, [], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Makes the runs that a campaign lacks, between patterns and baselines of their own, and returns the results of the whole campaign. Throws as
    /// <see cref="RunAsync"/> does; it may be resumed again then.
    /// </summary>
    public async Task<CampaignResults> ResumeAsync(CampaignResumption resumption, Rig rig, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resumption);
        ArgumentNullException.ThrowIfNull(rig);
        var id = resumption.Campaign.Id;
        _part = string.Create(CultureInfo.InvariantCulture, $"-{2 + lab.Store.Findings.OfCampaign(id).Count(finding => finding.Rule == "resumed")}");
        CampaignRegister.AddAgain(lab, resumption);
        Registered?.Invoke(id);
        return await CarryOutAsync(id, resumption.Plan, rig, null, [.. resumption.Attempts.Select(attempt => attempt.CutOff).OfType<RunRecord>()], cancellationToken).ConfigureAwait(false);
    }

    private async Task<CampaignResults> CarryOutAsync(
        string id, CampaignPlan plan, Rig rig, SyncPlan? sync, IReadOnlyList<RunRecord> cutOff, CancellationToken cancellationToken)
    {
        try
        {
            // What was recorded is whole where only the working out was cut off.
            if (plan.Runs.Count > 0)
                await MeasureAsync(id, plan, rig, sync, cutOff, cancellationToken).ConfigureAwait(false);
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

    private async Task MeasureAsync(
        string id, CampaignPlan plan, Rig rig, SyncPlan? sync, IReadOnlyList<RunRecord> cutOff, CancellationToken cancellationToken)
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
                foreach (var run in cutOff.Where(run => run.Target == target.Name))
                    await StopLeftAsync(id, run.Id, sessions[target.Name], cancellationToken).ConfigureAwait(false);
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

    // A workload goes on when its lab is killed. Nothing may heat the machine beside what is measured next; its folder stays.
    private async Task StopLeftAsync(string id, string run, TargetSession session, CancellationToken cancellationToken)
    {
        try
        {
            var runner = new Targets.WorkloadRunner(session.Target, lab.Time);
            if (await runner.AttachAsync(run, cancellationToken).ConfigureAwait(false) is not { } left)
                return;
            await runner.StopAsync(left, TimeSpan.FromSeconds(5), cancellationToken).ConfigureAwait(false);
            foreach (var companion in left.Companions)
                await runner.FinishCompanionAsync(left, companion, TimeSpan.FromSeconds(5), cancellationToken).ConfigureAwait(false);
        }
        catch (Targets.TargetException e)
        {
            lab.Store.Findings.Add(id, null, new Finding("not-stopped", Severity.Warning, $"{run}, which was cut off, may still run on {session.Rig.Name}: {e.Message}"));
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
            // After the stretch that the idle power comes from: estimators draw power themselves.
            await new IdleEstimatorsPhase(lab, id, message => Say(0, plan, message))
                .RunAsync(session, EstimatorsOf(plan, session), phases.Baseline, _part, cancellationToken).ConfigureAwait(false);
        }

        var executor = new RunExecutor(lab, id);
        for (var i = 0; i < plan.Runs.Count; i++)
        {
            var run = plan.Runs[i];
            recorder.ThrowIfFailed();
            Say(i, plan, $"{run.Name} on {run.Target}");
            await RestAsync(id, CampaignRegister.RunId(id, run.Name), CampaignSteps.Settle, phases.Settle, cancellationToken).ConfigureAwait(false);
            // Between runs too, so that a drift shows and is not taken for a difference between workloads. The first follows a long one.
            if (i > 0)
                await BaselineAsync(id, CampaignRegister.RunId(id, run.Name), run.Target, phases.Between, cancellationToken).ConfigureAwait(false);
            await executor.RunAsync(run, sessions[run.Target], cancellationToken).ConfigureAwait(false);
            await RestAsync(id, CampaignRegister.RunId(id, run.Name), CampaignSteps.CoolDown, phases.CoolDown, cancellationToken).ConfigureAwait(false);
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
                session.Target, session.Helper, sync.Pattern, session.LogicalCpus ?? 1, $"{id}.sync-{which}{_part}", EstimatorsOf(plan, session), lab.Time, cancellationToken)
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
