using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.Measurement.Statistics;
using MeterLab.Orchestrator.Baselines;
using MeterLab.Orchestrator.Rigs;
using MeterLab.Orchestrator.Validity;
using MeterLab.Storage;
using MeterLab.Storage.Campaigns;
using MeterLab.Storage.Traces;

namespace MeterLab.Orchestrator.Campaigns;

/// <summary>
/// Puts the idle powers that a campaign measured before its runs beside those that were measured by themselves: compared, with a validity and a
/// fingerprint, in the same table. The short ones between runs show the drift of one campaign and are not kept.
/// </summary>
public static class CampaignBaselines
{
    /// <summary>Keeps those of a campaign whose recording has ended; each one is kept once. What was found becomes findings of the campaign.</summary>
    public static async Task KeepAsync(Store store, string campaignId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        var campaign = store.Campaigns.Get(campaignId);
        var plan = DocumentJson.Read<PlanDocument>(campaign.Plan);
        var steps = store.Steps.OfCampaign(campaignId);
        foreach (var step in steps.Where(step => step is { Name: CampaignSteps.Baseline, State: StepState.Finished, EndedUtcNs: not null }))
        {
            var document = DocumentJson.Read<BaselineDocument>(step.Detail);
            if (!document.Kept || store.Baselines.History(document.Target).Any(one => one.Campaign == campaignId && one.MeasuredUtcNs == step.EndedUtcNs))
                continue;
            var target = plan.Targets.First(one => one.Name == document.Target);
            var findings = await KeepAsync(store, campaignId, target, step, steps, (plan.RunLimits ?? RunLimits.Default).BaselineAge, cancellationToken).ConfigureAwait(false);
            foreach (var finding in findings)
                store.Findings.Add(campaignId, null, finding with { Detail = $"{target.Name}: {finding.Detail}" });
        }
    }

    private static async Task<IEnumerable<Finding>> KeepAsync(
        Store store, string campaign, TargetDocument target, StepRecord step, IReadOnlyList<StepRecord> steps, TimeSpan age, CancellationToken cancellationToken)
    {
        var truths = target.Feeds.Where(feed => feed.Role == MeterRole.Truth).OrderBy(feed => feed.Scope).ToList();
        if (truths.Count == 0)
            return [];
        var channels = truths.Where(feed => feed.Scope == truths[0].Scope).Select(feed => feed.Channel).ToArray();
        var machine = steps.Where(one => one is { Name: CampaignSteps.Machine, State: StepState.Finished } && one.Id < step.Id)
            .Select(one => DocumentJson.Read<MachineDocument>(one.Detail)).LastOrDefault(one => one.Target == target.Name);
        if (machine is null)
            return [NotKept("the machine did not say what it is, and nobody could tell for what it holds")];
        var stretch = (FromNs: step.StartedNs, ToNs: step.EndedNs!.Value);
        var traces = channels.Select(channel => TraceOf(store, campaign, channel, step)).OfType<TraceRecord>().ToList();
        var trace = new IdleTrace(store, traces);
        if (traces.Count < channels.Length || await trace.LevelAsync(stretch.FromNs, stretch.ToNs, cancellationToken).ConfigureAwait(false) is not { } found)
        {
            return [NotKept(FormattableString.Invariant(
                $"{(stretch.ToNs - stretch.FromNs) * 1e-9:0.#} s at rest hold fewer than {IdleLevel.Fewest} means of its meters; phases: {{ baseline: … }} sets how long it rests"))];
        }

        var time = (step.EndedUtcNs!.Value, age);
        var (steady, judged) = Judge(found.Bins, found.Level);
        var result = BaselineKeeper.Describe(target.Name, truths[0].Scope, channels, found.Level, stretch, steady, machine.Hash, time) with
        {
            Campaign = campaign, State = machine.State, Machine = machine.Parts, Traces = trace.Ids, SettledAfterS = Settled(steps, step),
            EstimatorsAtIdle = await ClaimsAsync(target.Name, step, steps, found.Level, trace, cancellationToken).ConfigureAwait(false),
        };
        // What says of a recorded meter that it cannot be used holds for its idle power too.
        var unusable = store.Findings.OfCampaign(campaign).Where(one => one.Run is null && one.Finding.Severity == Severity.Invalid).Select(one => one.Finding);
        var whole = BaselineKeeper.Keep(store, result, [.. judged, .. trace.Findings, .. unusable], time);
        return whole.Findings.Where(row => row.Rule.StartsWith("baseline-", StringComparison.Ordinal) || row.Rule is "not-kept" or "not-steady" or BaselineResult.SteadinessUnjudged)
            .Select(row => new Finding(row.Rule, Enum.Parse<Severity>(row.Severity, ignoreCase: true), row.Detail));
    }

    private static Finding NotKept(string why) => new("not-kept", Severity.Note, $"its idle power before the runs is not in the baselines' history: {why}.");

    // Nothing waited for it to settle; what the stretch itself shows is said.
    private static (bool Steady, IReadOnlyList<Finding> Findings) Judge(PowerBins bins, IdleLevel level)
    {
        if (bins.Watts.Length < Settling.Fewest)
        {
            return (false, [new Finding(BaselineResult.SteadinessUnjudged, Severity.Note,
                $"Whether the power was steady before the runs was not judged: {bins.Watts.Length} means are too few, {Settling.Fewest} are wanted.")]);
        }

        var settling = Settling.Judge(bins.Watts, Math.Max(IdleWait.NegligibleShare * Math.Abs(level.Watts), IdleWait.LeastWantedW));
        return (settling.Steady, settling.Steady ? [] : [new Finding("not-steady", Severity.Warning, $"The power was not steady before the runs: {settling.Reason}.")]);
    }

    // Of several recordings of one boot, the one that was under way.
    private static TraceRecord? TraceOf(Store store, string campaign, ChannelId channel, StepRecord step) =>
        store.Traces.OfChannel(campaign, channel, Quantity.ActivePower).Where(trace => trace.Boot == step.Boot)
            .MaxBy(trace => store.Traces.Marks(trace.Id, step.StartedNs, step.EndedNs!.Value).Count);

    private static double Settled(IReadOnlyList<StepRecord> steps, StepRecord step) =>
        steps.LastOrDefault(one => one is { Name: CampaignSteps.Settle, Run: null, EndedNs: not null } && one.Id < step.Id && one.Boot == step.Boot) is { } settle
            ? (settle.EndedNs!.Value - settle.StartedNs) * 1e-9 : 0;

    // They are asked right after it, one after another where there is time for that: then the meter tells what each one costs.
    private static async Task<IReadOnlyList<EstimatorAtIdle>> ClaimsAsync(
        string target, StepRecord step, IReadOnlyList<StepRecord> steps, IdleLevel rest, IdleTrace trace, CancellationToken cancellationToken)
    {
        var claims = new List<EstimatorAtIdle>();
        foreach (var asked in steps.Where(one => one is { Name: CampaignSteps.IdleEstimators, State: StepState.Finished } && one.Id > step.Id && one.Boot == step.Boot))
        {
            var document = DocumentJson.Read<IdleClaimsDocument>(asked.Detail);
            if (document.Target != target || document.Claims.Any(claim => claims.Exists(one => one.Estimator == claim.Estimator)))
                continue;
            var cost = document.Claims.Count == 1
                ? await BaselineMeter.CostAsync(new IdleClaims(document.Claims, [], document.FromNs, document.ToNs), rest, trace, cancellationToken).ConfigureAwait(false) : null;
            claims.AddRange(document.Claims.Select(claim => claim with { CostW = cost?.Watts, CostUncertaintyW = cost?.K * cost?.StandardWatts, K = cost?.K }));
        }

        return claims;
    }
}
