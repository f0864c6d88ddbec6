using System.CommandLine;

using MeterLab.Cli.Hosting;
using MeterLab.Cli.Rendering.Text;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Cli.Commands;

/// <summary><c>campaign compare A B</c>: what changed from one campaign to another, and whether it is real.</summary>
internal static class CampaignCompareCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandHost host)
    {
        var before = new Argument<string>("BEFORE") { Description = "the earlier campaign's id, or its name for the latest" };
        var after = new Argument<string>("AFTER") { Description = "the later campaign's id, or its name for the latest" };
        return host.Reading(
            new Command("compare", "what changed from one campaign to another, and whether it is real") { before, after },
            (arguments, session, _) => Task.FromResult(Run(arguments.GetRequiredValue(before), arguments.GetRequiredValue(after), session)));
    }

    private static int Run(string before, string after, Session session)
    {
        using var store = session.OpenStoreForReading();
        var comparison = CampaignComparison.Of(StoredCampaign.Load(store, before).RequireResults(), StoredCampaign.Load(store, after).RequireResults());
        session.Show(comparison, text => Write(text, comparison));
        return ExitCode.Success;
    }

    private static void Write(TextWriter text, CampaignComparison comparison)
    {
        text.WriteLine(Failures.Plain($"{comparison.Before} -> {comparison.After}"));
        text.WriteLine();
        var table = new TextTable("group", "compared", "n before", "n after", "before", "after", "change", "95 %", "p corrected", "real");
        foreach (var row in comparison.Rows)
        {
            table.Add(
                row.Group, row.What, Figures.Of(row.NBefore, ""), Figures.Of(row.NAfter, ""), Figures.Of(row.Before, "", 5), Figures.Of(row.After, "", 5),
                Figures.Percent(row.Change, 3), row.ChangeCi95 is { Count: 2 } ci ? $"{Figures.Of(ci[0], "", 3)} to {Figures.Percent(ci[1], 3)}" : null,
                Figures.Of(row.PAdjusted, "", 2), row.Real switch { true => "yes", false => "no", null => "cannot tell" });
        }

        table.Write(text);
        foreach (var group in comparison.Unmatched)
            text.WriteLine(Failures.Plain($"only in one of them: {group}"));
    }
}
