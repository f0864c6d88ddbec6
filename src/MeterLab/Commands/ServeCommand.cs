using System.CommandLine;
using System.Globalization;

using MeterLab.Cli.Hosting;
using MeterLab.Measurement;
using MeterLab.Orchestrator.Campaigns;
using MeterLab.Orchestrator.Scheduling;
using MeterLab.Storage;
using MeterLab.Storage.Campaigns;

namespace MeterLab.Cli.Commands;

/// <summary><c>serve</c>: runs the campaigns whose files carry a schedule, until it is interrupted.</summary>
internal static class ServeCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandHost host)
    {
        var folder = new Option<string?>("--campaigns") { Description = "the folder of campaign files (default: campaigns beside the rig file)", HelpName = "DIR" };
        return host.Acting(
            new Command("serve", "runs campaigns by their schedules, until interrupted") { folder },
            (arguments, session, cancellationToken) => RunAsync(arguments.GetValue(folder), session, cancellationToken));
    }

    private static async Task<int> RunAsync(string? folder, Session session, CancellationToken cancellationToken)
    {
        var rig = session.Rig;
        var campaigns = CampaignFolder.Load(folder ?? CampaignFolder.Beside(session.RigPath), rig);
        var scheduled = campaigns.Where(campaign => campaign.Schedule is not null).ToList();
        using var store = Store.Open(session.StorePath, session.Services.StoreOptions with { Program = "meterlab serve" });
        Recover(store, session);
        var lab = session.Services.Lab(store, CampaignConsole.Progress(session));
        using var queue = new CampaignQueue(lab, rig, session.Note);
        await using var scheduler = await CampaignScheduler.StartAsync(Path.ChangeExtension(session.StorePath, ".jobs.db"), queue, scheduled, cancellationToken)
            .ConfigureAwait(false);
        foreach (var (name, next) in await scheduler.NextFiresAsync(cancellationToken).ConfigureAwait(false))
            session.Note(string.Create(CultureInfo.InvariantCulture, $"{name}: next at {next:yyyy-MM-dd HH:mm:ss} UTC"));
        if (scheduled.Count == 0)
            session.Note("no campaign file carries a schedule; nothing will run");
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            session.Note("stopping");
        }

        return ExitCode.Interrupted;
    }

    // A campaign that was under way when its process was killed is not under way any more.
    private static void Recover(Store store, Session session)
    {
        foreach (var campaign in store.Campaigns.List().Where(campaign => campaign.State == CampaignState.Running))
        {
            store.Findings.Add(campaign.Id, null, new Finding("killed", Severity.Warning, "The process that ran this campaign ended without a word; what was recorded until then is kept."));
            store.Campaigns.SetState(campaign.Id, CampaignState.Interrupted);
            session.Note($"{campaign.Id}: was under way when its process ended; marked interrupted");
        }
    }
}
