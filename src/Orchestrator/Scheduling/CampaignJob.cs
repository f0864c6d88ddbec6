using Quartz;

namespace MeterLab.Orchestrator.Scheduling;

/// <summary>A fire of a schedule: hands the campaign's file to the queue, nothing else.</summary>
internal sealed class CampaignJob(CampaignQueue queue) : IJob
{
    public const string FileKey = "file";

    /// <inheritdoc/>
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
        await queue.FireAsync(context.JobDetail.Key.Name, context.MergedJobDataMap.GetString(FileKey)!, cancellationToken).ConfigureAwait(false);
}
