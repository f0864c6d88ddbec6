using MeterLab.Measurement;
using MeterLab.Orchestrator.Baselines;
using MeterLab.Orchestrator.Rigs;

namespace MeterLab.Orchestrator.Campaigns;

/// <summary>
/// A campaign's estimators beside its resting target. They share the time of a baseline, and each runs alone where its share is long enough to say
/// something; where not, all run together, and that is said.
/// </summary>
internal sealed class IdleEstimatorsPhase(LabContext lab, string campaign, Action<string> say)
{
    // Below this an estimator that asks every few seconds says nothing of a resting machine.
    private static readonly TimeSpan LeastAlone = TimeSpan.FromSeconds(10);

    /// <summary>Runs them, a step each; what one did not say is a note.</summary>
    /// <param name="session">The target.</param>
    /// <param name="estimators">Those of its runs; what is computed is left out.</param>
    /// <param name="baseline">How long all together.</param>
    /// <param name="part">What makes names on the target unique in a campaign that was resumed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(TargetSession session, IReadOnlyList<TargetEstimator> estimators, TimeSpan baseline, string part, CancellationToken cancellationToken)
    {
        var name = session.Rig.Name;
        var beside = estimators.Where(IdleEstimators.IsProgram).ToArray();
        if (beside.Length == 0 || baseline <= TimeSpan.Zero)
            return;
        var share = baseline / beside.Length;
        var oneByOne = beside.Length == 1 || share >= LeastAlone;
        if (!oneByOne)
        {
            lab.Store.Findings.Add(campaign, null, new Finding("estimators-at-idle", Severity.Note, FormattableString.Invariant(
                $"{name}: {string.Join(", ", beside.Select(own => own.Name))} ran beside each other at rest, and what each claims holds the others' draw: a share of {share.TotalSeconds:0.0} s each is too short. phases: baseline: {(LeastAlone * beside.Length).TotalSeconds:0}s runs them one after another.")));
        }

        var idle = new IdleEstimators(lab, session.Target, session.Rig with { Estimators = beside });
        foreach (var (group, number) in idle.Groups(oneByOne).Select((group, i) => (group, i + 1)))
        {
            say($"{name}: at rest, with {string.Join(", ", group.Select(own => own.Name))}");
            var step = lab.Store.Steps.Start(campaign, null, CampaignSteps.IdleEstimators);
            var seen = await idle.RunAsync(group, oneByOne ? share : baseline, FormattableString.Invariant($"{campaign}.idle-{name}-{number}{part}"), cancellationToken).ConfigureAwait(false);
            lab.Store.Steps.Finish(step, DocumentJson.Write(new IdleClaimsDocument(name, seen.Claims, seen.FromNs, seen.ToNs)));
            foreach (var finding in seen.Findings)
                lab.Store.Findings.Add(campaign, null, finding with { Severity = Severity.Note, Detail = $"{name}: {finding.Detail}" });
        }
    }
}
