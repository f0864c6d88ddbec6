using MeterLab.Configuration;
using MeterLab.Measurement;

namespace MeterLab.Orchestrator.Campaigns;

/// <summary>The files of a campaign as they were, secrets hidden: they go into the store with it.</summary>
/// <param name="Rig">The rig file's text.</param>
/// <param name="Campaign">The campaign file's text.</param>
public sealed record CampaignTexts(string Rig, string Campaign)
{
    /// <summary>Reads both files. Throws <see cref="ConfigurationException"/> where one cannot be read.</summary>
    public static CampaignTexts Load(string rigFile, string campaignFile) => new(Read(rigFile), Read(campaignFile));

    private static string Read(string path)
    {
        try
        {
            return Secrets.Redact(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"the file cannot be read: {e.Message}", path, inner: e);
        }
    }
}
