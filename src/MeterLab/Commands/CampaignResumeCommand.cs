using System.CommandLine;

using MeterLab.Cli.Hosting;
using MeterLab.Orchestrator.Campaigns;
using MeterLab.Storage;

namespace MeterLab.Cli.Commands;

/// <summary><c>campaign resume ID</c>: makes the runs that an interrupted campaign lacks, by its own plan.</summary>
internal static class CampaignResumeCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandHost host)
    {
        var id = new Argument<string>("ID") { Description = "a campaign's id, or its name for the latest" };
        var accept = CampaignRunCommand.AcceptNewHostKey();
        return host.Reading(
            new Command("resume", "makes the runs that an interrupted campaign lacks, by its own plan") { id, accept },
            (arguments, session, cancellationToken) => RunAsync(arguments.GetRequiredValue(id), arguments.GetValue(accept), session, cancellationToken));
    }

    private static async Task<int> RunAsync(string id, bool acceptNewHostKey, Session session, CancellationToken cancellationToken)
    {
        var rig = session.Rig;
        using var store = Store.OpenExisting(session.StorePath, session.Services.StoreOptions with { Program = $"meterlab campaign resume {id}" });
        var resumption = CampaignResumption.Of(store, id, rig);
        session.Note($"{resumption.Campaign.Id}: {resumption.Plan.Runs.Count} runs are missing");
        var lab = session.Services.Lab(store, CampaignConsole.Progress(session), acceptNewHostKey);
        return await CampaignRunCommand.ShowAsync(new CampaignRunner(lab), runner => runner.ResumeAsync(resumption, rig, cancellationToken), session).ConfigureAwait(false);
    }
}
