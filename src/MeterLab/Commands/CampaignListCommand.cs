using System.CommandLine;

using MeterLab.Cli.Hosting;
using MeterLab.Cli.Rendering.Text;
using MeterLab.Storage.Campaigns;

namespace MeterLab.Cli.Commands;

/// <summary><c>campaign list</c>: the campaigns in the store, the latest first.</summary>
internal static class CampaignListCommand
{
    private sealed record Row(string Id, string Campaign, string Rig, string State, string Started, string? Ended, int Runs, int Finished, int Passed);

    /// <summary>Builds the command.</summary>
    public static Command Build(CommandHost host) =>
        host.Reading(new Command("list", "the campaigns in the store, the latest first"), (_, session, _) => Task.FromResult(Run(session)));

    private static int Run(Session session)
    {
        using var store = session.OpenStoreForReading();
        var rows = store.Campaigns.List().Select(campaign =>
        {
            var runs = store.Runs.OfCampaign(campaign.Id);
            return new Row(
                campaign.Id,
                campaign.Name,
                campaign.Rig,
                StoredCampaign.Name(campaign.State),
                Figures.Utc(campaign.StartedUtcNs),
                campaign.EndedUtcNs is { } ended ? Figures.Utc(ended) : null,
                runs.Count,
                runs.Count(run => run.State == RunState.Finished),
                runs.Count(run => run.Outcome == RunOutcome.Passed));
        }).ToList();
        session.Show(rows, text => Write(text, rows));
        return ExitCode.Success;
    }

    private static void Write(TextWriter text, List<Row> rows)
    {
        var table = new TextTable("id", "state", "rig", "started", "runs", "finished", "passed");
        foreach (var row in rows)
            table.Add(row.Id, row.State, row.Rig, row.Started, Figures.Of(row.Runs, ""), Figures.Of(row.Finished, ""), Figures.Of(row.Passed, ""));
        table.Write(text);
    }
}
