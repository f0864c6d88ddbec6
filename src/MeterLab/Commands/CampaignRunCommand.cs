using System.CommandLine;

using MeterLab.Cli.Hosting;
using MeterLab.Orchestrator.Campaigns;
using MeterLab.Storage;

namespace MeterLab.Cli.Commands;

/// <summary><c>campaign run FILE</c>: measures and reconciles; the report is drawn from the store.</summary>
internal static class CampaignRunCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandHost host)
    {
        var file = new Argument<string>("FILE") { Description = "the campaign file" };
        var accept = new Option<bool>("--accept-new-host-key") { Description = "takes the key of an SSH target that is met for the first time" };
        return host.Reading(
            new Command("run", "runs a campaign") { file, accept },
            (arguments, session, cancellationToken) => RunAsync(arguments.GetRequiredValue(file), arguments.GetValue(accept), session, cancellationToken));
    }

    private static async Task<int> RunAsync(string file, bool acceptNewHostKey, Session session, CancellationToken cancellationToken)
    {
        var rig = session.Rig;
        var plan = CampaignPlan.For(CampaignFile.Load(file, rig), rig);
        var texts = CampaignTexts.Load(session.RigPath, file);
        using var store = Store.Open(session.StorePath, session.Services.StoreOptions with { Program = $"meterlab campaign run {Path.GetFileName(file)}" });
        var lab = session.Services.Lab(store, CampaignConsole.Progress(session), acceptNewHostKey);
        var results = await new CampaignRunner(lab).RunAsync(plan, rig, texts, null, cancellationToken).ConfigureAwait(false);
        session.Show(results, text =>
        {
            CampaignConsole.Write(text, results);
            text.WriteLine();
            text.WriteLine($"meterlab report --campaign {results.Id} draws the report");
        });
        return CampaignConsole.ExitCodeOf(results);
    }
}
