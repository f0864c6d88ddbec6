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
                row.Group, row.What, Figures.Of(row.NBefore, ""), Figures.Of(row.NAfter, ""), Figures.Of(row.Before, row.Unit, 5), Figures.Of(row.After, row.Unit, 5),
                Figures.Of(row.Change, row.ChangeUnit, 3), row.ChangeCi95 is { Count: 2 } ci ? $"{Figures.Of(ci[0], "", 3)} to {Figures.Of(ci[1], row.ChangeUnit, 3)}" : null,
                // That a change is not shown does not show that there is none.
                Figures.Of(row.PAdjusted, "", 2), row.Real switch { true => "yes", false => "not shown", null => "cannot tell" });
        }

        if (comparison.Rows.Count > 0)
            table.Write(text);
        foreach (var finding in comparison.Findings)
            text.WriteLine(Failures.Plain($"{finding.Severity}: {finding.Rule}: {finding.Detail}"));
        foreach (var group in comparison.Unmatched)
            text.WriteLine(Failures.Plain($"only in one of them: {group}"));
    }
}
