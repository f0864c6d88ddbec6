using MeterLab.Storage;

namespace MeterLab.Orchestrator.Campaigns;

/// <summary>What a result was worked out from, so that each number can be traced to raw rows.</summary>
internal static class ResultInputs
{
    /// <summary>The campaign's traces and estimator files by id and hash, as JSON.</summary>
    public static string Of(Store store, string campaign) => DocumentJson.Write(new
    {
        traces = store.Traces.OfCampaign(campaign).Select(trace => new { trace.Id, channel = trace.Description.Channel.ToString(), trace.ProfileSha256 }),
        files = store.Runs.OfCampaign(campaign).SelectMany(run => store.Outputs.OfRun(run.Id)).Select(file => new { file.Run, file.Estimator, file.Path, file.Sha256 }),
    });
}
