using MeterLab.Measurement;
using MeterLab.Orchestrator.Targets;
using MeterLab.Storage.Campaigns;

namespace MeterLab.Orchestrator.Campaigns;

/// <summary>Asks a campaign's targets what they are, before and after, and says what changed. A target that does not tell is a finding, not an end.</summary>
internal sealed class MachineWatch(LabContext lab, string campaign)
{
    private readonly Dictionary<string, TargetFingerprint> _before = [];

    /// <summary>Before the runs; kept as a step.</summary>
    public async Task BeginAsync(TargetSession session, CancellationToken cancellationToken)
    {
        var step = lab.Store.Steps.Start(campaign, null, CampaignSteps.Machine);
        try
        {
            var machine = await TargetFingerprint.ReadAsync(session.Target, cancellationToken).ConfigureAwait(false);
            _before[session.Rig.Name] = machine;
            // Of a campaign that was interrupted and resumed.
            if (Earlier(session) is { } earlier)
                Tell(session, "while the campaign was interrupted", earlier.Parts, machine.Parts);
            lab.Store.Steps.Finish(step, DocumentJson.Write(new MachineDocument(session.Rig.Name, machine.Hash, machine.Parts, machine.State)));
        }
        catch (TargetException e)
        {
            lab.Store.Steps.Fail(step, e.Message);
            lab.Store.Findings.Add(campaign, null, new Finding("fingerprint", Severity.Warning, $"{session.Rig.Name} did not say what it is: {e.Message}"));
        }
    }

    /// <summary>After them.</summary>
    public async Task EndAsync(TargetSession session, CancellationToken cancellationToken)
    {
        if (!_before.TryGetValue(session.Rig.Name, out var before))
            return;
        try
        {
            var now = await TargetFingerprint.ReadAsync(session.Target, cancellationToken).ConfigureAwait(false);
            Tell(session, "during the campaign", before.Parts, now.Parts);
        }
        catch (TargetException e)
        {
            lab.Store.Findings.Add(campaign, null, new Finding("fingerprint", Severity.Warning, $"{session.Rig.Name} did not say at the end what it is: {e.Message}"));
        }
    }

    private MachineDocument? Earlier(TargetSession session) => lab.Store.Steps.OfCampaign(campaign)
        .Where(step => step is { Name: CampaignSteps.Machine, State: StepState.Finished }).Select(step => DocumentJson.Read<MachineDocument>(step.Detail))
        .LastOrDefault(machine => machine.Target == session.Rig.Name);

    private void Tell(TargetSession session, string when, IReadOnlyList<FingerprintPart> before, IReadOnlyList<FingerprintPart> now)
    {
        var changes = FingerprintChanges.Of(before, now);
        if (changes.Count > 0)
        {
            lab.Store.Findings.Add(campaign, null, new Finding("fingerprint-moved", Severity.Warning,
                $"{session.Rig.Name}: {when} {string.Join("; ", changes)}; its idle power may have changed between runs."));
        }
    }
}
