using MeterLab.Estimators;
using MeterLab.Measurement;
using MeterLab.Orchestrator.Rigs;
using MeterLab.Orchestrator.Targets;
using MeterLab.Storage.Campaigns;

namespace MeterLab.Orchestrator.Campaigns;

/// <summary>
/// Executes one run: launches the workload with its estimators beside it, waits, brings home its record and files. Whatever goes
/// wrong with one run is that run's outcome, not the campaign's.
/// </summary>
internal sealed class RunExecutor(LabContext lab, string campaign)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // Beyond a workload's own time limit: the grace before it is killed, and what its supervisor still has to write.
    private static readonly TimeSpan Overtime = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Executes. Throws only where it is cancelled; the run is then stopped on the target and recorded as aborted.</summary>
    public async Task RunAsync(PlannedRun run, TargetSession session, CancellationToken cancellationToken)
    {
        var id = CampaignRegister.RunId(campaign, run.Name);
        var row = lab.Store.Runs.Get(id) with { State = RunState.Running };
        var document = new RunDocument
        {
            LaunchedNs = lab.Clock.MonotonicNs,
            Device = run.Device,
            LogicalCpus = session.LogicalCpus,
            ClockStatus = session.ClockStatus,
            Estimators = [.. run.Estimators.Select(estimator => estimator.Name)],
        };
        lab.Store.Runs.Update(row with { Record = DocumentJson.Write(document) });
        var step = lab.Store.Steps.Start(campaign, id, CampaignSteps.Workload);
        var runner = new WorkloadRunner(session.Target, lab.Time);
        WorkloadRun? started = null;
        (TargetState State, long AtNs)? before = null;
        try
        {
            before = await session.StateAsync(cancellationToken).ConfigureAwait(false);
            if (session.Rig.Gates is { } gates)
                document = document with { IdleBefore = await TargetActivity.ReadAsync(session.Target, gates, cancellationToken).ConfigureAwait(false) };
            await session.TryProbeAsync(cancellationToken).ConfigureAwait(false);
            await session.ProbeCostAsync(cancellationToken).ConfigureAwait(false);
            document = document with { LaunchedNs = lab.Clock.MonotonicNs };
            started = await runner.StartAsync(Spec(id, run, session), cancellationToken).ConfigureAwait(false);
            var state = await runner.WaitAsync(started, Patience, run.Workload.Timeout + Overtime, cancellationToken).ConfigureAwait(false);
            document = document with { SeenEndNs = lab.Clock.MonotonicNs };
            await session.TryProbeAsync(cancellationToken).ConfigureAwait(false);
            document = await WithProbeCostAsync(document, session, cancellationToken).ConfigureAwait(false);
            document = document with { Findings = [.. document.Findings, .. await ChangesAsync(before, session, cancellationToken).ConfigureAwait(false)] };
            lab.Store.Steps.Finish(step);
            await CollectAsync(row, document, run, session, runner, started, state, cancellationToken).ConfigureAwait(false);
        }
        catch (TargetException e)
        {
            lab.Store.Steps.Fail(step, e.Message);
            var changes = await ChangesAsync(before, session, cancellationToken).ConfigureAwait(false);
            Finish(row, RunOutcome.Error, document, [new Finding("target", Severity.Invalid, e.Message), .. changes]);
            await StopQuietlyAsync(runner, started, id).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Finish(row, RunOutcome.Aborted, document, new Finding("interrupted", Severity.Invalid, "The campaign was interrupted during this run."));
            await StopQuietlyAsync(runner, started, id).ConfigureAwait(false);
            throw;
        }
    }

    private static WorkloadSpec Spec(string id, PlannedRun run, TargetSession session) => new()
    {
        Run = id,
        Helper = session.Helper,
        Command = run.Command ?? [],
        Script = run.Workload.Script,
        Environment = Environment(id, run),
        Uploads = [.. run.Workload.Uploads.Select(file => new WorkloadUpload(file.RemotePath, Load(file)))],
        Timeout = run.Workload.Timeout,
        Companions =
        [
            .. run.Estimators
                .Select(own => (own.Name, Launch: own.Estimator.Launch(own.Settings, id)))
                .Where(pair => pair.Launch is not null)
                .Select(pair => new WorkloadCompanion(pair.Name, pair.Launch!)),
        ],
    };

    // A workload that tracks itself is told what the tracker has to know; what the campaign's author set stays.
    private static Dictionary<string, string> Environment(string id, PlannedRun run)
    {
        var environment = new Dictionary<string, string>();
        foreach (var own in run.Estimators.Where(EstimatorCollector.IsLeftToWorkload))
        {
            foreach (var (name, value) in own.Estimator.Facts.WorkloadEnvironment)
                environment[name] = value.Replace("{run}", id, StringComparison.Ordinal);
        }

        foreach (var (name, value) in run.Environment)
            environment[name] = value;
        return environment;
    }

    private static byte[] Load(UploadFile file)
    {
        try
        {
            return File.ReadAllBytes(file.LocalPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"the file to upload cannot be read: {e.Message}", file.LocalPath, inner: e);
        }
    }

    private async Task CollectAsync(
        RunRecord row, RunDocument document, PlannedRun run, TargetSession session, WorkloadRunner runner, WorkloadRun started, WorkloadState state,
        CancellationToken cancellationToken)
    {
        var step = lab.Store.Steps.Start(campaign, row.Id, CampaignSteps.Collect);
        var findings = new List<Finding>();
        var collector = new EstimatorCollector(lab.Store, session.Target, runner, started);
        foreach (var own in run.Estimators)
            findings.AddRange(await collector.CollectAsync(row.Id, own, cancellationToken).ConfigureAwait(false));
        var record = state == WorkloadState.Ended ? await runner.CollectAsync(started, cancellationToken).ConfigureAwait(false) : null;
        if (record is null)
        {
            lab.Store.Steps.Fail(step, "the target lost the run");
            Finish(row, RunOutcome.Error, document, [.. findings, new Finding("lost", Severity.Invalid, "The target lost the run: its supervisor is gone without a record (a reboot, or somebody killed it).")]);
            return;
        }

        findings.AddRange(Findings(record).Where(finding => document.Findings.All(known => known.Rule != finding.Rule)));
        Finish(
            row with { StartTargetNs = record.StartNs, EndTargetNs = record.EndNs, ExitCode = record.ExitCode },
            record.TimedOut ? RunOutcome.TimedOut : record.ExitCode == 0 ? RunOutcome.Passed : RunOutcome.Failed,
            document with
            {
                CpuSeconds = record.CpuSeconds,
                MachineCpuSeconds = record.MachineCpuSeconds,
                OverheadCpuSeconds = record.RunnerCpuSeconds + collector.RunnerCpuSeconds + (document.ProbeCpuSeconds ?? 0),
                EstimatorCpuSeconds = collector.CpuSeconds,
                BootId = record.BootId,
                OutputTail = Tail(record.OutputTail),
                ErrorTail = Tail(record.ErrorTail),
            },
            [.. findings]);
        await runner.RemoveAsync(started, cancellationToken).ConfigureAwait(false);
        lab.Store.Steps.Finish(step);
    }

    private static async Task<RunDocument> WithProbeCostAsync(RunDocument document, TargetSession session, CancellationToken cancellationToken)
    {
        if (await session.ProbeCostAsync(cancellationToken).ConfigureAwait(false) is not { } cost)
        {
            return document with
            {
                Findings = [.. document.Findings, new Finding("probe-cost", Severity.Note, "What the clock probes cost the target is not known: it has no /proc, or their channel was lost.")],
            };
        }

        return document with { ProbeCpuSeconds = cost.CpuSeconds, ProbeElapsedSeconds = cost.ElapsedSeconds };
    }

    // A reboot or a sleep between launch and end; where the target is not there any more, nothing can be said.
    private static async Task<IReadOnlyList<Finding>> ChangesAsync(
        (TargetState State, long AtNs)? before, TargetSession session, CancellationToken cancellationToken)
    {
        if (before is not { } then || await session.StateAsync(cancellationToken).ConfigureAwait(false) is not { } now)
            return [];
        return now.State.Since(then.State, (now.AtNs - then.AtNs) * 1e-9) is { } change ? [change] : [];
    }

    private static IEnumerable<Finding> Findings(WorkloadRecord record)
    {
        if (record.Leftovers)
            yield return new Finding("leftovers", Severity.Warning, "Processes of the workload were left over after its end and were killed; they may have drawn power in later runs until then.");
        if (record.Suspends is > 0)
            yield return new Finding("suspended", Severity.Invalid, $"The target was suspended {record.Suspends} times during the run.");
        if (record.Log.Length > 0)
            yield return new Finding("runner", Severity.Warning, $"The runner said: {Tail(record.Log.Trim())}");
    }

    private void Finish(RunRecord row, RunOutcome outcome, RunDocument document, params Finding[] findings)
    {
        var seen = document.SeenEndNs == 0 ? document with { SeenEndNs = lab.Clock.MonotonicNs } : document;
        lab.Store.Runs.Update(row with
        {
            State = RunState.Finished,
            Outcome = outcome,
            Record = DocumentJson.Write(seen with { Findings = [.. seen.Findings, .. findings] }),
        });
    }

    private async Task StopQuietlyAsync(WorkloadRunner runner, WorkloadRun? started, string id)
    {
        if (started is null)
            return;
        try
        {
            await runner.StopAsync(started, Grace, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TargetException e)
        {
            lab.Store.Findings.Add(campaign, id, new Finding("not-stopped", Severity.Warning, $"The workload could not be stopped and may still run: {e.Message}"));
        }
    }

    private static string Tail(string text) => text.Length <= 4000 ? text : text[^4000..];
}
