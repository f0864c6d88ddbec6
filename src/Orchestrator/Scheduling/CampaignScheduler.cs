using Microsoft.Extensions.DependencyInjection;

using Quartz;

using MeterLab.Orchestrator.Campaigns;

namespace MeterLab.Orchestrator.Scheduling;

/// <summary>
/// Runs the campaigns of a folder whose files carry a schedule, through Quartz with a persistent store, so that what was planned survives a
/// restart. Quartz is named nowhere else.
/// </summary>
public sealed class CampaignScheduler : IAsyncDisposable
{
    private const string Group = "campaigns";

    // A fire that is later than this was missed.
    private static readonly TimeSpan MisfireThreshold = TimeSpan.FromSeconds(5);

    private readonly ServiceProvider _services;
    private readonly IScheduler _scheduler;
    private readonly CampaignQueue _queue;

    private CampaignScheduler(ServiceProvider services, IScheduler scheduler, CampaignQueue queue)
    {
        _services = services;
        _scheduler = scheduler;
        _queue = queue;
    }

    /// <summary>
    /// Opens the scheduler's own database at <paramref name="database"/>, brings its jobs in line with the files, and starts.
    /// </summary>
    /// <param name="database">An SQLite file of Quartz' own, beside the lab's store.</param>
    /// <param name="queue">Runs campaigns, one at a time.</param>
    /// <param name="campaigns">The campaigns with a schedule.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<CampaignScheduler> StartAsync(
        string database, CampaignQueue queue, IReadOnlyList<Campaign> campaigns, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(queue);
        ArgumentNullException.ThrowIfNull(campaigns);
        var services = new ServiceCollection()
            .AddSingleton(queue)
            .AddQuartz(quartz =>
            {
                quartz.UseDefaultThreadPool(4);
                quartz.UsePersistentStore(store =>
                {
                    store.UseSqlite($"Data Source={database}");
                    store.ProvisionSchema();
                    store.UseSystemTextJsonSerializer();
                    store.ConfigureStore(options => options.MisfireThreshold = MisfireThreshold);
                });
            })
            .BuildServiceProvider();
        try
        {
            var scheduler = await services.GetRequiredService<ISchedulerFactory>().GetScheduler(cancellationToken).ConfigureAwait(false);
            var own = new CampaignScheduler(services, scheduler, queue);
            await own.ScheduleAsync(campaigns, cancellationToken).ConfigureAwait(false);
            await scheduler.Start(cancellationToken).ConfigureAwait(false);
            return own;
        }
        catch
        {
            await services.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>When each campaign runs next, UTC; null where it never does again.</summary>
    public async Task<IReadOnlyList<(string Campaign, DateTimeOffset? Next)>> NextFiresAsync(CancellationToken cancellationToken)
    {
        var fires = new List<(string, DateTimeOffset?)>();
        foreach (var key in await _scheduler.GetTriggerKeys(GroupMatcher<TriggerKey>.GroupEquals(Group), cancellationToken).ConfigureAwait(false))
        {
            var trigger = await _scheduler.GetTrigger(key, cancellationToken).ConfigureAwait(false);
            fires.Add((key.Name, trigger?.NextFireTimeUtc));
        }

        return fires;
    }

    /// <summary>Starts no further campaign, interrupts the one under way, and waits for its state to be saved.</summary>
    public async ValueTask DisposeAsync()
    {
        await _scheduler.Standby().ConfigureAwait(false);
        await _queue.StopAsync().ConfigureAwait(false);
        await _scheduler.Shutdown(waitForJobsToComplete: true).ConfigureAwait(false);
        await _services.DisposeAsync().ConfigureAwait(false);
    }

    // What the files say now wins over what the database remembers; an unchanged trigger keeps its place in time.
    private async Task ScheduleAsync(IReadOnlyList<Campaign> campaigns, CancellationToken cancellationToken)
    {
        foreach (var key in await _scheduler.GetJobKeys(GroupMatcher<JobKey>.GroupEquals(Group), cancellationToken).ConfigureAwait(false))
        {
            if (campaigns.All(campaign => campaign.Name != key.Name))
                await _scheduler.DeleteJob(key, cancellationToken).ConfigureAwait(false);
        }

        foreach (var campaign in campaigns)
        {
            var schedule = campaign.Schedule!;
            var job = JobBuilder.Create<CampaignJob>().WithIdentity(campaign.Name, Group).UsingJobData(CampaignJob.FileKey, Path.GetFullPath(campaign.File)).Build();
            var trigger = TriggerBuilder.Create()
                .WithIdentity(campaign.Name, Group)
                .ForJob(job)
                // A night that was missed is not made up in the day: the machines are somebody's then.
                .WithCronSchedule(schedule.Cron, cron => cron
                    .InTimeZone(TimeZoneInfo.FindSystemTimeZoneById(schedule.TimeZone))
                    .WithMisfireInstruction(CronTriggerMisfireInstruction.DoNothing))
                .Build();
            var known = await _scheduler.GetTrigger(trigger.Key, cancellationToken).ConfigureAwait(false) as ICronTrigger;
            if (known is not null && known.CronExpressionString == schedule.Cron && known.TimeZone.Id == schedule.TimeZone)
                continue;
            await _scheduler.DeleteJob(job.Key, cancellationToken).ConfigureAwait(false);
            await _scheduler.ScheduleJob(job, trigger, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
    }
}
