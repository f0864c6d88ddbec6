using System.CommandLine;

using MeterLab.Cli.Hosting;

namespace MeterLab.Cli.Commands;

/// <summary><c>report --campaign ID</c>: the report of a campaign, drawn again from the store.</summary>
internal static class ReportCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandHost host)
    {
        var campaign = new Option<string>("--campaign") { Description = "a campaign's id, or its name for the latest", HelpName = "ID", Required = true };
        var format = new Option<string?>("--format") { Description = "html, json, csv, or several with commas (default: html)", HelpName = "LIST" };
        var output = new Option<string?>("--out") { Description = "the folder to write into (default: this one)", HelpName = "DIR" };
        return host.Reading(
            new Command("report", "report.html, results.json or CSV files of a campaign") { campaign, format, output },
            (arguments, session, cancellationToken) => RunAsync(
                arguments.GetRequiredValue(campaign), arguments.GetValue(format), arguments.GetValue(output), session, cancellationToken));
    }

    private static async Task<int> RunAsync(string campaign, string? format, string? folder, Session session, CancellationToken cancellationToken)
    {
        var formats = format is null ? null : ReportFiles.ParseFormats(format, ReportFiles.Formats);
        using var store = session.OpenStoreForReading();
        var stored = StoredCampaign.Load(store, campaign);
        var results = stored.RequireResults();
        // With --json the document goes to standard output, and files are written only where somebody asked for them.
        IReadOnlyList<string> paths = session.Json && format is null && folder is null
            ? []
            : await ReportFiles.WriteAsync(stored, formats?.ToList() ?? ["html"], folder ?? ".", cancellationToken).ConfigureAwait(false);
        session.Show(results, text =>
        {
            foreach (var path in paths)
                text.WriteLine(path);
        });
        // What the campaign came to was its own exit code; this one is about the report.
        return ExitCode.Success;
    }
}
