using System.Security.Cryptography;

using MeterLab.Measurement;
using MeterLab.Orchestrator.Rigs;
using MeterLab.Storage.Campaigns;

namespace MeterLab.Orchestrator.Campaigns;

/// <summary>Writes down what a campaign is before it begins: its files, what feeds its targets, and a row for every run.</summary>
internal static class CampaignRegister
{
    /// <summary>A run's name beyond its campaign: unique in the store and safe in a path.</summary>
    public static string RunId(string campaign, string run) => $"{campaign}.{run}";

    /// <summary>Adds it, and returns its id. Throws <see cref="ConfigurationException"/> where a file to upload cannot be read.</summary>
    public static string Add(LabContext lab, CampaignPlan plan, Rig rig, CampaignTexts texts)
    {
        var now = lab.Clock.Anchor().UtcNs;
        var id = lab.Store.Campaigns.FreeId(plan.Campaign.Name, now);
        lab.Store.Campaigns.Add(new CampaignRecord
        {
            Id = id,
            Name = plan.Campaign.Name,
            Rig = rig.Name,
            StartedUtcNs = now,
            Seed = plan.Campaign.Order == RunOrder.Shuffled ? plan.Campaign.Seed : null,
            TolerancePct = plan.Campaign.Tolerance * 100,
            Plan = DocumentJson.Write(new PlanDocument(Targets(plan, rig), rig.Limits, plan.Campaign.Tolerance, rig.RunLimits, Path.GetFullPath(plan.Campaign.File))),
            RigText = texts.Rig,
            CampaignText = texts.Campaign,
            FileHashes = DocumentJson.Write(Hashes(plan)),
            MeterlabVersion = lab.Version,
        });
        lab.Store.Runs.Add(plan.Runs.Select((run, order) => Row(id, run, order)));
        return id;
    }

    /// <summary>Marks a campaign as under way again: what was cut off has an end, what is made again a row, and the findings tell of it.</summary>
    public static void AddAgain(LabContext lab, CampaignResumption resumption)
    {
        var id = resumption.Campaign.Id;
        foreach (var finding in resumption.Findings)
            lab.Store.Findings.Add(id, null, finding);
        var free = lab.Store.Runs.OfCampaign(id).Max(row => row.PlanOrder) + 1;
        foreach (var attempt in resumption.Attempts)
        {
            if (attempt.CutOff is not { } row)
                continue;
            var document = DocumentJson.Read<RunDocument>(row.Record);
            List<Finding> findings = [.. document.Findings];
            if (row.State == RunState.Running)
                findings.Add(new Finding("interrupted", Severity.Invalid, "The process that ran the campaign ended without a word during this run."));
            findings.Add(new Finding("made-again", Severity.Note, $"It was cut off, and made again as {attempt.Run.Name}."));
            lab.Store.Runs.Update(row with
            {
                State = RunState.Finished, Outcome = RunOutcome.Aborted,
                Record = DocumentJson.Write(document with { Findings = findings, SeenEndNs = Math.Max(document.SeenEndNs, document.LaunchedNs) }),
            });
            lab.Store.Runs.Add([Row(id, attempt.Run, free++)]);
        }

        lab.Store.Campaigns.SetState(id, CampaignState.Running);
    }

    /// <summary>A run's row.</summary>
    public static RunRecord Row(string id, PlannedRun run, int order) => new()
    {
        Id = RunId(id, run.Name),
        Campaign = id,
        PlanOrder = order,
        Target = run.Target,
        Workload = run.Workload.Name,
        Parameters = DocumentJson.Write(run.Parameters),
        Repetition = run.Repetition,
    };

    /// <summary>What feeds the plan's targets, and what they are, by the rig file.</summary>
    public static IReadOnlyList<TargetDocument> Targets(CampaignPlan plan, Rig rig) =>
    [
        .. plan.Campaign.Targets.Select(name => rig.FindTarget(name)!).Select(target => new TargetDocument(
            target.Name, [.. target.FedBy.Select(feed => FeedDocument.Of(feed, rig.FindMeter(feed.Channel.Meter)!))], target.Hardware, target.GridIntensity)),
    ];

    /// <summary>SHA-256 of every file that goes to a target, by its path.</summary>
    public static IReadOnlyDictionary<string, string> Hashes(CampaignPlan plan) => plan.Campaign.Workloads.SelectMany(workload => workload.Uploads)
        .Select(file => file.LocalPath).Distinct().Order(StringComparer.Ordinal).ToDictionary(path => path, Hash);

    private static string Hash(string path)
    {
        try
        {
            return Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"the file to upload cannot be read: {e.Message}", path, inner: e);
        }
    }
}
