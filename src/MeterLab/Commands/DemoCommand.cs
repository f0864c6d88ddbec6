using System.CommandLine;
using System.Text.Json;

using MeterLab.Cli.Demo;
using MeterLab.Cli.Hosting;
using MeterLab.Orchestrator.Campaigns;
using MeterLab.Orchestrator.Reports;
using MeterLab.Storage;
using MeterLab.Storage.Results;
using MeterLab.VirtualRig;

namespace MeterLab.Cli.Commands;

/// <summary>
/// <c>demo</c>: a whole campaign on the virtual rig. Real wire protocols, real processes; needs no sshd, no Python, no network.
/// </summary>
internal static class DemoCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandHost host)
    {
        var output = new Option<string>("--out") { Description = "the folder for report.html, results.json and meterlab.db", HelpName = "DIR", DefaultValueFactory = _ => "demo-out" };
        var seed = new Option<long>("--seed") { Description = "of everything that is drawn: meters' errors, the clock's, the order", HelpName = "N", DefaultValueFactory = _ => 1 };
        var quick = new Option<bool>("--quick") { Description = "shorter phases" };
        return host.Reading(
            new Command("demo", "a whole campaign on the virtual rig, with its report") { output, seed, quick },
            (arguments, session, cancellationToken) => RunAsync(
                arguments.GetValue(output)!, arguments.GetValue(seed), arguments.GetValue(quick), session, cancellationToken));
    }

    private static async Task<int> RunAsync(string folder, long seed, bool quick, Session session, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        await using var services = new Composition(VirtualRigDefinition.Default(seed));
        var (rig, plan, texts) = DemoLab.Load(folder, seed, quick);
        using var store = Store.Open(Path.Combine(folder, "meterlab.db"), services.StoreOptions with { Program = "meterlab demo" });
        var lab = services.Lab(store, CampaignConsole.Progress(session));
        var results = await new CampaignRunner(lab).RunAsync(plan, rig, texts, DemoLab.Sync(quick), cancellationToken).ConfigureAwait(false);

        // Only now, with every figure worked out, is the rig asked what was true.
        results = TruthFiller.Fill(results, store, services.Bench);
        store.Results.Add(new ResultRecord
        {
            Campaign = results.Id,
            Kind = CampaignRunner.ResultKind,
            Inputs = """{"truth":"virtual rig"}""",
            Document = JsonSerializer.Serialize(results, ResultsJson.Options),
        });
        var paths = await ReportFiles.WriteAsync(StoredCampaign.Load(store, results.Id), ["html", "json"], folder, cancellationToken).ConfigureAwait(false);
        session.Show(results, text =>
        {
            CampaignConsole.Write(text, results);
            var (within, of) = TruthFiller.Score(results);
            text.WriteLine();
            text.WriteLine($"the virtual rig's true joules lie within the stated uncertainty in {within} of {of} runs");
            foreach (var path in paths)
                text.WriteLine(path);
        });
        return CampaignConsole.ExitCodeOf(results);
    }
}
