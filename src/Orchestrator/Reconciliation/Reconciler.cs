using NodaTime;
using NodaTime.Text;

using MeterLab.Estimators;
using MeterLab.Estimators.Custom;
using MeterLab.Measurement;
using MeterLab.Measurement.Energy;
using MeterLab.Orchestrator.Reports;
using MeterLab.Orchestrator.Validity;

namespace MeterLab.Orchestrator.Reconciliation;

/// <summary>
/// From what a campaign recorded to what it says: windows on one time line, meter energies with their budgets, what each estimator
/// claimed, errors, verdicts, summaries. Pure: the same evidence gives the same document.
/// </summary>
public static class Reconciler
{
    /// <summary>Reconciles. Never throws for a bad run: what is wrong with it stands among its findings.</summary>
    public static CampaignResults Reconcile(CampaignEvidence evidence, string version)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var meters = evidence.Targets.ToDictionary(target => target.Name, target => new MeterReconciler(evidence, target));
        var idle = evidence.Targets.ToDictionary(target => target.Name, target => IdlePower.Of(target, meters[target.Name]));
        var runs = evidence.Runs
            .Select(run => Run(run, evidence, evidence.Targets.First(t => t.Name == run.Target), meters[run.Target], idle[run.Target]))
            .ToList();
        var overhead = OverheadEnergies.Of(runs);
        var lags = evidence.Targets.SelectMany(t => Lags(t, meters[t.Name]).Concat(SensorLag.Of(t))).ToList();
        // Last: every trace has been read by now.
        var findings = evidence.Findings.Concat(HostSteps(evidence)).Concat(lags)
            .Concat(evidence.Targets.SelectMany(target => idle[target.Name]?.Findings(target) ?? [])).Concat(evidence.Targets.Select(OverheadEstimates.Words)).Concat(evidence.Damage.Distinct());
        return CampaignVerdict.Complete(new CampaignResults
        {
            Campaign = evidence.Campaign,
            Id = evidence.Id,
            Started = Utc(evidence.StartedUtcNs),
            Ended = evidence.EndedUtcNs is { } ended ? Utc(ended) : null,
            Rig = evidence.Rig,
            MeterlabVersion = version,
            TolerancePct = evidence.Tolerance * 100,
            Seed = evidence.Seed,
            Runs = [.. OverheadEnergies.Tell(runs, overhead).Select(run => OverheadEstimates.Tell(run, evidence.Targets.First(t => t.Name == run.Target).Core))],
            Overhead = overhead,
            EstimatorsAtIdle = [.. evidence.Targets.SelectMany(target => IdleCosts.Of(target, meters[target.Name], idle[target.Name]))],
            Findings = [.. findings.Select(FindingRows.Of)],
        });
    }

    /// <summary>ISO 8601 with nanoseconds, UTC.</summary>
    public static string Utc(long utcNs) =>
        InstantPattern.ExtendedIso.Format(Instant.FromUnixTimeTicks(0).PlusNanoseconds(utcNs));

    private static RunResult Run(RunEvidence run, CampaignEvidence evidence, TargetEvidence target, MeterReconciler meters, IdlePower? idle)
    {
        var time = RunTime.Of(run, target.Clock, evidence.HostLine);
        var findings = new List<Finding>([.. run.Findings, .. time.Findings]);
        IReadOnlyList<(MeterResult Result, IReadOnlyList<Finding> Findings)> energies = time.StartNs is { } start && time.EndNs is { } end && end > start
            ? meters.Energies(WindowOf(time, start, end))
            : [];
        var truths = energies.Where(e => e.Result.Role == "truth").ToList();
        if (truths.Count > 0)
            findings.AddRange(truths[0].Findings);
        else if (time.StartNs is not null)
            findings.Add(new Finding("no-meter", Severity.Invalid, "No meter of the rig feeds this target; there is nothing to compare with."));
        // A narrower or a second meter that failed does not spoil the run, but is said.
        var besides = energies.Where(e => truths.Count == 0 || e.Result != truths[0].Result).SelectMany(e => e.Findings.Select(Soften)).ToList();
        if (run.Outcome != "passed")
            findings.Add(new Finding("outcome", Severity.Invalid, $"The run's outcome is {run.Outcome}{(run.ExitCode is { } code ? $" (exit code {code})" : "")}."));
        var seconds = run.EndTargetNs is { } e2 && run.StartTargetNs is { } s2 ? (e2 - s2) * 1e-9 : (double?)null;
        var line = time.StartNs is { } a && time.EndNs is { } b ? (b - a) * 1e-9 : seconds;
        var primary = meters.Primary is { } feed ? meters.LagOf(feed.Channel) : null;
        var rest = time.StartNs is { } begun && time.EndNs is { } over ? idle?.At(begun + (over - begun) / 2) : null;
        IReadOnlyList<EstimatorResult> estimators = [.. run.Estimators.Select(own => Estimate(own, run, target, line, truths, evidence.Tolerance))];
        var (rules, judged) = RunRules.Judge(new RunCase
        {
            Run = run, Target = target, Campaign = evidence, Time = time, Meters = [.. energies.Select(e => e.Result)], Idle = rest, Estimators = estimators,
            Findings = findings, Besides = besides,
        });
        var result = new RunResult
        {
            Run = run.Run,
            Target = run.Target,
            Workload = run.Workload,
            Parameters = run.Parameters,
            Repetition = run.Repetition,
            Device = run.Device.ToString().ToLowerInvariant(),
            Outcome = run.Outcome,
            ExitCode = run.ExitCode,
            Valid = judged.All(f => f.Severity != Severity.Invalid),
            Start = time.StartNs is { } from ? Utc(evidence.HostLine.ToUtcNs(from)) : null,
            End = time.EndNs is { } to ? Utc(evidence.HostLine.ToUtcNs(to)) : null,
            DurationS = line,
            Meter = truths.Count > 0 ? truths[0].Result : null,
            Meters = [.. energies.Select(e => e.Result)],
            Static = rest is { } at && line is { } duration ? new StaticResult(at.Watts, at.Watts * duration, 2 * at.StandardWatts) : null,
            Estimators = estimators,
            Clock = Clock(run, time, primary),
            Overhead = new OverheadResult(run.OverheadCpuSeconds, run.ProbeCpuSeconds, 100 * run.ProbeCpuSeconds / run.ProbeElapsedSeconds, Sum(run.Estimators)),
            Rules = rules,
            Findings = [.. judged.Select(FindingRows.Of)],
        };
        return Carbon.Add(result, target.Grid, time.StartNs is { } begin ? evidence.HostLine.ToUtcNs(begin) : null, time.EndNs is { } finish ? evidence.HostLine.ToUtcNs(finish) : null);
    }

    // The target's own seconds enter through the difference of its two stamps.
    private static RunWindow WindowOf(RunTime time, long startNs, long endNs) => new(
        startNs, endNs, time.UncertaintyNs, (time.RatePpm?.Uncertainty ?? 0) * 1e-6 * (endNs - startNs) / Math.Sqrt(2), IsRun: true);

    private static ClockResult Clock(RunEvidence run, RunTime time, ChannelLag? primary) => new()
    {
        OffsetS = time.OffsetS,
        UncertaintyS = time.OffsetS is null ? null : 2 * time.UncertaintyNs * 1e-9,
        RatePpm = time.RatePpm?.Value,
        RateUncertaintyPpm = 2 * time.RatePpm?.Uncertainty,
        MeterLagS = primary?.DelaySeconds,
        MeterLagUncertaintyS = 2 * primary?.UncertaintySeconds,
        Synchronised = run.ClockStatus?.Synchronised,
        SynchronisedBy = run.ClockStatus?.Source,
    };

    private static EstimatorResult Estimate(
        EstimatorEvidence own, RunEvidence run, TargetEvidence target, double? seconds, IReadOnlyList<(MeterResult Result, IReadOnlyList<Finding> Findings)> truths, double tolerance)
    {
        var estimator = CustomEstimator.Among(own.Files) ?? EstimatorCatalog.Find(own.Name);
        var estimate = seconds is { } duration
            ? estimator.Estimate(new RunFacts
            {
                Run = run.Run,
                DurationS = duration,
                StartTargetNs = run.StartTargetNs!.Value,
                EndTargetNs = run.EndTargetNs!.Value,
                Device = run.Device,
                Hardware = target.Hardware with { LogicalCpus = target.Hardware.LogicalCpus ?? run.LogicalCpus },
                CpuSeconds = run.CpuSeconds,
                MachineCpuSeconds = run.MachineCpuSeconds,
                Files = own.Files,
            })
            : new RunEstimate
            {
                Estimator = own.Name,
                Scopes = estimator.Facts.Scopes,
                Findings = [new Finding("no-run", Severity.Warning, "The run has no duration; nothing can be said for it.")],
            };
        return Comparison.Of(estimate, [.. truths.Select(t => t.Result)], tolerance * 100) with { OverheadCpuS = own.CpuSeconds };
    }

    private static double? Sum(IReadOnlyList<EstimatorEvidence> estimators) =>
        estimators.Any(own => own.CpuSeconds is not null) ? estimators.Sum(own => own.CpuSeconds ?? 0) : null;

    private static Finding Soften(Finding finding) => finding.Severity == Severity.Invalid ? finding with { Severity = Severity.Warning } : finding;

    private static IEnumerable<Finding> HostSteps(CampaignEvidence evidence) => evidence.HostLine.UtcSteps().Select(step => new Finding(
        "host-clock-step", Severity.Warning, FormattableString.Invariant(
            $"The lab host's UTC stepped by {step.SizeNs * 1e-9:+0.000000;-0.000000} s during the campaign; samples are on the monotonic clock and did not move.")));

    private static IEnumerable<Finding> Lags(TargetEvidence target, MeterReconciler meters)
    {
        foreach (var feed in target.Feeds)
        {
            var lag = meters.LagOf(feed.Channel);
            yield return new Finding("meter-lag", Severity.Note, FormattableString.Invariant(
                $"{feed.Channel}: {lag.DelaySeconds * 1e3:0.0} ms late, +/- {2 * lag.UncertaintySeconds * 1e3:0.0} ms (k = 2), averaging {lag.Averaging.AveragingSeconds * 1e3:0.0} ms; from {lag.Source}."));
        }
    }
}
