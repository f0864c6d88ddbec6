using System.CommandLine;

using MeterLab.Cli.Hosting;
using MeterLab.Measurement;
using MeterLab.Orchestrator.Campaigns;
using MeterLab.Orchestrator.Reports;
using MeterLab.Storage;

namespace MeterLab.Cli.Commands;

/// <summary><c>campaign run FILE</c>: measures and reconciles; the report is drawn from the store.</summary>
internal static class CampaignRunCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandHost host)
    {
        var file = new Argument<string>("FILE") { Description = "the campaign file" };
        var accept = AcceptNewHostKey();
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
        return await ShowAsync(new CampaignRunner(lab), runner => runner.RunAsync(plan, rig, texts, null, cancellationToken), session).ConfigureAwait(false);
    }

    /// <summary>The option that takes the key of a target met for the first time.</summary>
    internal static Option<bool> AcceptNewHostKey() => new("--accept-new-host-key") { Description = "takes the key of an SSH target that is met for the first time" };

    /// <summary>Lets a runner work and shows its results. Where it is interrupted or fails, a person is told how to go on.</summary>
    internal static async Task<int> ShowAsync(CampaignRunner runner, Func<CampaignRunner, Task<CampaignResults>> work, Session session)
    {
        string? id = null;
        runner.Registered += registered => id = registered;
        CampaignResults results;
        try
        {
            results = await work(runner).ConfigureAwait(false);
        }
        catch (Exception e) when (id is not null && e is OperationCanceledException or MeterLabException)
        {
            session.Note($"{id}: what was recorded is kept; meterlab campaign resume {id} makes the runs that are missing");
            throw;
        }

        session.Show(results, text =>
        {
            CampaignConsole.Write(text, results);
            text.WriteLine();
            text.WriteLine($"meterlab report --campaign {results.Id} draws the report");
        });
        return CampaignConsole.ExitCodeOf(results);
    }
}
