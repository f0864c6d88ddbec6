using MeterLab.Measurement;
using MeterLab.Orchestrator.Campaigns;
using MeterLab.Orchestrator.Rigs;

namespace MeterLab.Orchestrator.Scheduling;

/// <summary>The folder of campaign files that a service keeps: <c>campaigns/</c> beside the rig file.</summary>
public static class CampaignFolder
{
    /// <summary>The folder that belongs to a rig file.</summary>
    public static string Beside(string rigFile) => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(rigFile))!, "campaigns");

    /// <summary>
    /// All campaign files of a folder, read and checked. Throws <see cref="ConfigurationException"/> for the first that is wrong, and for
    /// two of one name: a service that starts with half of its nights is worse than one that does not start.
    /// </summary>
    public static IReadOnlyList<Campaign> Load(string folder, Rig rig)
    {
        if (!Directory.Exists(folder))
            throw new ConfigurationException("there is no such folder of campaign files; make it, or name one with --campaigns DIR", folder);
        var campaigns = Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal).Select(file => CampaignFile.Load(file, rig)).ToList();
        foreach (var twice in campaigns.GroupBy(campaign => campaign.Name).Where(group => group.Count() > 1))
            throw new ConfigurationException($"the campaign '{twice.Key}' is also in {twice.First().File}", twice.Last().File);
        return campaigns;
    }
}
