using System.Globalization;

using MeterLab.Configuration;
using MeterLab.Measurement;
using MeterLab.Orchestrator.Reconciliation;
using MeterLab.Orchestrator.Rigs;
using MeterLab.Storage;
using MeterLab.Storage.Campaigns;

namespace MeterLab.Orchestrator.Campaigns;

/// <summary>
/// What is left of a campaign that was interrupted, failed, or whose process was killed: the runs of its own plan that were never made, in the
/// plan's order, and those that were cut off, which are made again under a name of their own. What was recorded of these stays.
/// </summary>
public sealed class CampaignResumption
{
    private CampaignResumption(CampaignRecord campaign, CampaignPlan plan, IReadOnlyList<Attempt> attempts, IReadOnlyList<Finding> findings) =>
        (Campaign, Plan, Attempts, Findings) = (campaign, plan, attempts, findings);

    /// <summary>The campaign's row.</summary>
    public CampaignRecord Campaign { get; }

    /// <summary>The campaign with nothing but the runs that are missing.</summary>
    public CampaignPlan Plan { get; }

    /// <summary>The runs that are missing, with the row of the attempt that was cut off where there was one.</summary>
    internal IReadOnlyList<Attempt> Attempts { get; }

    /// <summary>What a person must know of the results: that it was interrupted, and what is not as it was.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>
    /// Finds out what is left, from the store, the rig file as it is now and the campaign file as it was. Nothing is changed. Throws
    /// <see cref="ConfigurationException"/> where nothing is left, or where the campaign could not be the same any more: another rig, other
    /// wiring, other runs; and <see cref="StoreException"/> where there is no such campaign.
    /// </summary>
    public static CampaignResumption Of(Store store, string idOrName, Rig rig)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(rig);
        var record = store.Campaigns.Get(idOrName);
        if (record.State is CampaignState.Finished or CampaignState.Aborted)
            throw new ConfigurationException($"{record.Id} is {EnumWord(record.State)}; nothing is left of it to resume. `meterlab campaign run` makes a new one");
        if (store.Pruning.WordsOf(record.Id) is { } pruned)
            throw new ConfigurationException($"{record.Id} cannot be resumed. {pruned}");
        if (record.Rig != rig.Name)
            throw new ConfigurationException($"{record.Id} ran on the rig '{record.Rig}', and this is '{rig.Name}'; --rig FILE names another", rig.File);
        var document = DocumentJson.Read<PlanDocument>(record.Plan);
        var plan = CampaignPlan.For(Read(record, document, rig), rig);
        CheckWiring(document, plan, rig);
        var rows = store.Runs.OfCampaign(record.Id);
        CheckRuns(record, plan, rows, rig);
        var attempts = plan.Runs.Select(run => Missing(record.Id, run, rows)).OfType<Attempt>().ToArray();
        return new CampaignResumption(record, plan.Only([.. attempts.Select(attempt => attempt.Run)]), attempts, [Interruption(record, plan, attempts), .. Changes(record, plan, rig)]);
    }

    // The campaign's own text decides. Where a secret was left out of it, the file must still be there, and be the same but for that.
    private static Campaign Read(CampaignRecord record, PlanDocument document, Rig rig)
    {
        var file = document.CampaignFile ?? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(rig.File))!, record.Name + ".yaml");
        if (File.Exists(file) && Secrets.Redact(File.ReadAllText(file)) == record.CampaignText)
            return CampaignFile.Load(file, rig);
        if (record.CampaignText.Contains("***", StringComparison.Ordinal))
            throw new ConfigurationException($"{record.Id} had a secret in its campaign file, which is not kept; put the file back as it was", file);
        return CampaignFile.Parse(record.CampaignText, file, rig);
    }

    private static void CheckWiring(PlanDocument document, CampaignPlan plan, Rig rig)
    {
        foreach (var now in CampaignRegister.Targets(plan, rig))
        {
            var then = document.Targets.FirstOrDefault(target => target.Name == now.Name);
            if (then is null || DocumentJson.Write(then.Feeds) != DocumentJson.Write(now.Feeds))
            {
                throw new ConfigurationException(
                    $"'{now.Name}' was fed by {Words(then?.Feeds ?? [])} when the campaign began, and is by {Words(now.Feeds)} now; runs of two wirings are two campaigns", rig.File, key: "fed-by");
            }
        }
    }

    private static string Words(IReadOnlyList<FeedDocument> feeds) =>
        feeds.Count == 0 ? "nothing" : string.Join(", ", feeds.Select(feed => $"{feed.Channel} ({Measurement.Quantities.Scopes.NameOf(feed.Scope)}, {feed.Role.ToString().ToLowerInvariant()})"));

    private static void CheckRuns(CampaignRecord record, CampaignPlan plan, IReadOnlyList<RunRecord> rows, Rig rig)
    {
        for (var order = 0; order < plan.Runs.Count; order++)
        {
            var wanted = CampaignRegister.Row(record.Id, plan.Runs[order], order);
            var row = order < rows.Count ? rows[order] : null;
            if (row is null || (row.Id, row.Target, row.Workload, row.Parameters, row.Repetition) != (wanted.Id, wanted.Target, wanted.Workload, wanted.Parameters, wanted.Repetition))
            {
                throw new ConfigurationException(
                    $"with this rig file run {order + 1} of {record.Id} would be {plan.Runs[order].Name} on {wanted.Target}, and it was {row?.Id ?? "none"}; the estimators of its targets must be what they were", rig.File);
            }
        }
    }

    // The last attempt decides: it is planned, or was cut off, or is done.
    private static Attempt? Missing(string campaign, PlannedRun run, IReadOnlyList<RunRecord> rows)
    {
        var names = rows.ToDictionary(row => row.Id);
        var (name, number) = (run.Name, 1);
        var last = names[CampaignRegister.RunId(campaign, name)];
        while (names.TryGetValue(CampaignRegister.RunId(campaign, Again(run.Name, number + 1)), out var later))
            (last, name, number) = (later, Again(run.Name, number + 1), number + 1);
        if (last.State == RunState.Planned)
            return new Attempt(run with { Name = name }, null);
        return last.State == RunState.Running || last.Outcome == RunOutcome.Aborted ? new Attempt(run with { Name = Again(run.Name, number + 1) }, last) : null;
    }

    private static string Again(string name, int attempt) => attempt == 2 ? $"{name}-again" : string.Create(CultureInfo.InvariantCulture, $"{name}-again-{attempt - 1}");

    private static Finding Interruption(CampaignRecord record, CampaignPlan plan, Attempt[] attempts) => new("resumed", Severity.Warning, string.Create(CultureInfo.InvariantCulture,
        $"The campaign {(record.State == CampaignState.Failed ? "failed" : record.State == CampaignState.Running ? "was cut off: its process ended without a word" : "was interrupted")}{(record.EndedUtcNs is { } ended ? $" at {Reconciler.Utc(ended)}" : "")} and was resumed; {attempts.Length} of {plan.Runs.Count} runs were missing{(attempts.Count(one => one.CutOff is not null) is > 0 and var again ? $", of which {again} had been cut off and were made again" : "")}. Between its parts the machines may have changed."));

    private static IEnumerable<Finding> Changes(CampaignRecord record, CampaignPlan plan, Rig rig)
    {
        if (CampaignTexts.Load(rig.File, rig.File).Rig != record.RigText)
            yield return new Finding("rig-changed", Severity.Warning, "The rig file is not as it was when the campaign began; its wiring is. Later runs were made with the new one.");
        var then = DocumentJson.Read<Dictionary<string, string>>(record.FileHashes);
        foreach (var (path, hash) in CampaignRegister.Hashes(plan).Where(now => then.TryGetValue(now.Key, out var old) && old != now.Value))
            yield return new Finding("upload-changed", Severity.Warning, $"{path}, which goes to the targets, is not as it was when the campaign began (SHA-256 {hash[..12]}… now); runs before and after may differ by that.");
    }

    private static string EnumWord(CampaignState state) => state.ToString().ToLowerInvariant();

    /// <summary>A run that is to be made.</summary>
    /// <param name="Run">It, under the name it gets.</param>
    /// <param name="CutOff">The row of the attempt that was cut off; null where it was never begun.</param>
    internal sealed record Attempt(PlannedRun Run, RunRecord? CutOff);
}
