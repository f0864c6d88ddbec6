using System.CommandLine;

using MeterLab.Cli.Hosting;
using MeterLab.Measurement;
using MeterLab.Orchestrator.Campaigns;
using MeterLab.Orchestrator.Scheduling;

namespace MeterLab.Cli.Commands;

/// <summary>
/// <c>check</c>: the files first, then every meter, target and clock, and the store. Everything is looked at, whatever was found before;
/// only a rig file that cannot be read ends it at once.
/// </summary>
internal static class CheckCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandHost host)
    {
        var accept = ClockCommand.AcceptOption();
        return host.Reading(
            new Command("check", "validates the files, then every meter, target and clock, and the store") { accept },
            (arguments, session, cancellationToken) => RunAsync(arguments.GetValue(accept), session, cancellationToken));
    }

    private static async Task<int> RunAsync(bool accept, Session session, CancellationToken cancellationToken)
    {
        var rig = session.Rig;
        var rows = new List<CheckRow>();
        var filesAreRight = CheckCampaigns(session, rows);
        await RigCheck.MetersAsync(session, rows, cancellationToken).ConfigureAwait(false);
        await RigCheck.TargetsAsync(session, accept, rows, cancellationToken).ConfigureAwait(false);
        CheckStore(session, rows);
        var passed = rows.TrueForAll(row => row.Severity != "invalid");
        session.Show(new CheckDocument(rig.Name, rig.File, passed, rows), text =>
        {
            CheckDocument.WriteTable(text, rows);
            text.WriteLine();
            text.WriteLine(passed ? $"{rig.Name} can be used" : $"{rig.Name} cannot be used as it is: see what is invalid");
        });
        return passed ? ExitCode.Success : filesAreRight ? ExitCode.Failed : ExitCode.Usage;
    }

    // The campaign files that the service would find: the folder beside the rig file.
    private static bool CheckCampaigns(Session session, List<CheckRow> rows)
    {
        var folder = CampaignFolder.Beside(session.RigPath);
        if (!Directory.Exists(folder))
            return true;
        var right = true;
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal))
        {
            var subject = $"file {Path.GetFileName(folder)}/{Path.GetFileName(path)}";
            try
            {
                var plan = CampaignPlan.For(CampaignFile.Load(path, session.Rig), session.Rig);
                if (!names.Add(plan.Campaign.Name))
                    throw new ConfigurationException($"another file of this folder has a campaign '{plan.Campaign.Name}' too", path, key: "campaign");
                rows.Add(CheckRow.Of(subject, new Finding("campaign-file", Severity.Note, $"campaign {plan.Campaign.Name}: {plan.Runs.Count} runs")));
            }
            catch (ConfigurationException e)
            {
                right = false;
                rows.Add(CheckRow.Of(subject, new Finding("campaign-file", Severity.Invalid, e.Message)));
            }
        }

        return right;
    }

    private static void CheckStore(Session session, List<CheckRow> rows)
    {
        const string Rule = "store";
        var path = session.StorePath;
        var subject = $"store {Path.GetFileName(path)}";
        if (!File.Exists(path))
        {
            var folder = Path.GetDirectoryName(path)!;
            rows.Add(CheckRow.Of(subject, Directory.Exists(folder)
                ? new Finding(Rule, Severity.Note, $"{path} is not there yet; the first campaign makes it")
                : new Finding(Rule, Severity.Invalid, $"there is no folder {folder} to make it in")));
            return;
        }

        try
        {
            using var store = session.OpenStoreForReading();
            var info = store.Info();
            rows.Add(CheckRow.Of(subject, new Finding(
                Rule, Severity.Note, FormattableString.Invariant($"schema {info.Schema}, {info.Samples} samples; store verify checks every one"))));
        }
        catch (MeterLabException e)
        {
            rows.Add(CheckRow.Of(subject, new Finding(Rule, Severity.Invalid, e.Message)));
        }
    }
}
