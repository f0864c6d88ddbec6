using System.CommandLine;

using MeterLab.Cli.Hosting;
using MeterLab.Cli.Rendering.Text;
using MeterLab.Measurement;
using MeterLab.Orchestrator.Studies;
using MeterLab.Storage.Studies;

namespace MeterLab.Cli.Commands;

/// <summary><c>study import DIR</c>: recordings made elsewhere, into the store.</summary>
internal static class StudyImportCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandHost host)
    {
        var folder = new Argument<string>("DIR") { Description = "a folder with pairs NAME.csv and NAME_image_analysis.csv" };
        return host.Reading(
            new Command("import", "reads a folder of recordings into the store; a second time changes nothing") { folder },
            (arguments, session, _) => Task.FromResult(Run(arguments.GetRequiredValue(folder), session)));
    }

    private static int Run(string folder, Session session)
    {
        // Before the store is made: a mistyped folder leaves nothing behind.
        if (!Directory.Exists(folder))
            throw new ConfigurationException("there is no such folder", folder);
        using var store = session.OpenStore();
        var result = StudyImporter.Import(folder, new StudyStore(store));
        session.Show(result, text => Write(text, result));
        return ExitCode.Success;
    }

    private static void Write(TextWriter text, StudyImportResult result)
    {
        text.WriteLine(Failures.Plain(
            $"{result.Study}: {result.Experiments} experiments in {result.Recordings.Count} recordings, {result.Changed} of them new; {result.Skipped.Count} runs skipped"));
        foreach (var skipped in result.Skipped)
            text.WriteLine(Failures.Plain($"skipped: {skipped.Recording}: {skipped.Run}: {skipped.Reason}"));
        foreach (var finding in result.Findings)
            text.WriteLine(Failures.Plain($"{finding.Severity}: {finding.Rule}: {finding.Detail}"));
    }
}

/// <summary><c>study report</c>: errors of the estimators in a recorded study, and a calibration of each group.</summary>
internal static class StudyReportCommand
{
        /// <summary>Builds the command.</summary>
    public static Command Build(CommandHost host)
    {
        var study = new Option<string?>("--study") { Description = "the study (default: the one imported last)", HelpName = "NAME" };
        var format = new Option<string?>("--format") { Description = "write files as well: html, json, csv, or several with commas", HelpName = "LIST" };
        var output = new Option<string?>("--out") { Description = "the folder to write into (default: this one)", HelpName = "DIR" };
        return host.Reading(
            new Command("report", "how wrong the estimators were in a recorded study") { study, format, output },
            (arguments, session, cancellationToken) => RunAsync(
                arguments.GetValue(study), arguments.GetValue(format), arguments.GetValue(output) ?? ".", session, cancellationToken));
    }

    private static async Task<int> RunAsync(string? study, string? format, string folder, Session session, CancellationToken cancellationToken)
    {
        var formats = format is null ? [] : ReportFiles.ParseFormats(format, ReportFiles.Formats);
        using var store = session.OpenStoreForReading();
        var input = StudyReportInput.Of(new StudyStore(store), study, session.Services.StoreOptions.Version);
        var report = input.Result;
        var paths = await ReportFiles.WriteAsync(StudyFiles.Of(input, formats), folder, cancellationToken).ConfigureAwait(false);
        session.Show(report, text =>
        {
            Write(text, report);
            foreach (var path in paths)
                text.WriteLine(path);
        });
        return ExitCode.Success;
    }

    private static void Write(TextWriter text, StudyReportResult report)
    {
        text.WriteLine(Failures.Plain($"{report.Study}: {report.Experiments} experiments; errors in % of the meter's energy"));
        text.WriteLine();
        SummaryTable.Write(text, report.Groups);
        text.WriteLine();
        var table = new TextTable("group", "estimator", "gain", "U", "unseen static", "U", "mae before", "mae after", "median after", "meter floor");
        foreach (var row in report.Calibration)
        {
            table.Add(
                row.Group, row.Estimator, Figures.Of(row.Gain, "", 5), Figures.Of(row.GainUncertainty, "", 2), Figures.Of(row.UnseenStaticW, "W", 4),
                Figures.Of(row.UnseenStaticUncertaintyW, "W", 2), Figures.Percent(row.MaePctBefore, 4), Figures.Percent(row.MaePctAfter, 4),
                Figures.Percent(row.MedianAbsPctAfter, 4), Figures.Percent(row.MeterFloorPct, 4));
        }

        table.Write(text);
        text.WriteLine();
        foreach (var finding in report.Findings)
            text.WriteLine(Failures.Plain($"{finding.Severity}: {finding.Rule}: {finding.Detail}"));
    }
}
