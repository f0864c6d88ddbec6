using System.CommandLine;
using System.Globalization;

using MeterLab.Cli.Hosting;
using MeterLab.Cli.Rendering.Text;
using MeterLab.Configuration;
using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;
using MeterLab.Orchestrator.Calibration;
using MeterLab.Orchestrator.Reports;
using MeterLab.Storage;
using MeterLab.Storage.Studies;

namespace MeterLab.Cli.Commands;

/// <summary><c>calibrate</c>: fits gain and unseen power of each estimator to a campaign or a study, judges them, and writes them to a file.</summary>
internal static class CalibrateCommand
{
    private static readonly string[] LeaveOuts = ["auto", "workload", "parameters", "run", "night"];
    private static readonly string[] Terms = ["none", "components", "workloads"];

    /// <summary>Builds the command, <c>apply</c> in it.</summary>
    public static Command Build(CommandHost host)
    {
        var campaign = new Option<string?>("--campaign") { Description = "a campaign's id, or its name for the latest", HelpName = "ID" };
        var study = new Option<string?>("--study") { Description = "a recorded study", HelpName = "NAME" };
        var output = new Option<string?>("--out") { Description = "write the calibrations to this file, for calibrate apply and study apply", HelpName = "FILE.json" };
        var by = new Option<bool>("--by-workload") { Description = "one calibration for each workload instead of one for all work of a target" };
        var leaveOut = new Option<string>("--leave-out") { Description = "what is left out to judge the fit: workload, parameters, run, night (default: auto)", HelpName = "WHAT", DefaultValueFactory = _ => "auto" };
        var terms = new Option<string>("--terms") { Description = "further terms: components (a gain each) or workloads (an unseen power each)", HelpName = "WHICH", DefaultValueFactory = _ => "none" };
        var idle = new Option<bool>("--use-idle") { Description = "let the idle difference of the newest baseline take part in the fit" };
        var repeatability = new Option<string?>("--repeatability") { Description = "the estimator's own relative standard uncertainty, for instance 1%", HelpName = "PERCENT" };
        var command = host.Reading(
            new Command("calibrate", "fits what makes an estimator agree with the meter, and judges it on work it has not seen")
            {
                campaign, study, output, by, leaveOut, terms, idle, repeatability,
            },
            (arguments, session, cancellationToken) => RunAsync(
                arguments.GetValue(campaign), arguments.GetValue(study), arguments.GetValue(output),
                new CalibrationGrouping(
                    LeaveOutOf(arguments.GetValue(leaveOut)!), TermsOf(arguments.GetValue(terms)!), arguments.GetValue(by), arguments.GetValue(idle),
                    Relative("--repeatability", arguments.GetValue(repeatability))),
                session, cancellationToken));
        command.Add(CalibrateApplyCommand.Build(host));
        return command;
    }

    private static async Task<int> RunAsync(
        string? campaign, string? study, string? output, CalibrationGrouping grouping, Session session, CancellationToken cancellationToken)
    {
        if (campaign is null == study is null)
            throw new ConfigurationException("either --campaign ID or --study NAME is wanted");
        using var store = session.OpenStoreForReading();
        var version = session.Services.StoreOptions.Version;
        var document = campaign is not null
            ? Calibrations.OfCampaign(StoredCampaign.Load(store, campaign).RequireResults(), store, grouping, version)
            : Calibrations.OfStudy(new StudyStore(store), study, version);
        var written = output is not null && document.Laws.Count > 0;
        if (written)
            await WriteAsync(output!, CalibrationFile.Write(document), cancellationToken).ConfigureAwait(false);
        session.Show(document, text =>
        {
            Write(text, document);
            if (written)
                text.WriteLine(output);
        });
        if (document.Laws.Count > 0)
            return ExitCode.Success;
        Failures.Write(session.Terminal, $"{document.Source} determines no calibration{(output is null ? "" : $"; {output} is not written")}");
        return ExitCode.Failed;
    }

    private static async Task WriteAsync(string path, string text, CancellationToken cancellationToken)
    {
        var full = Path.GetFullPath(path);
        await ReportFiles.WriteAsync([ReportFile.OfText(Path.GetFileName(full), () => text)], Path.GetDirectoryName(full)!, cancellationToken).ConfigureAwait(false);
    }

    private static LeaveOut LeaveOutOf(string word) => word switch
    {
        "auto" => LeaveOut.Automatic,
        "workload" => LeaveOut.Workload,
        "parameters" => LeaveOut.Parameters,
        "run" => LeaveOut.Run,
        "night" => LeaveOut.Night,
        _ => throw new ConfigurationException($"--leave-out: '{word}' is not known here; {Nearest.Suggest(word, LeaveOuts)}"),
    };

    private static FurtherTerms TermsOf(string word) => word switch
    {
        "none" => FurtherTerms.None,
        "components" => FurtherTerms.Components,
        "workloads" => FurtherTerms.Workloads,
        _ => throw new ConfigurationException($"--terms: '{word}' is not known here; {Nearest.Suggest(word, Terms)}"),
    };

    private static double Relative(string option, string? text)
    {
        if (text is null)
            return 0;
        return text.EndsWith('%') && double.TryParse(text[..^1], NumberStyles.Float, CultureInfo.InvariantCulture, out var percent) && percent is >= 0 and < 100
            ? percent / 100
            : throw new ConfigurationException($"{option}: a share with its unit is wanted, for instance 1%, not '{text}'");
    }

    private static void Write(TextWriter text, CalibrationDocument document)
    {
        CalibrationTable.Write(text, document.Calibration);
        foreach (var law in document.Laws.Where(law => law.EstimatorConfiguration is not null))
        {
            var configuration = law.EstimatorConfiguration!;
            text.WriteLine(Failures.Plain(
                $"{law.Group}: as {configuration.File}: {string.Join(", ", configuration.Settings.Select(pair => $"{pair.Key}={pair.Value}"))}; loses {string.Join("; ", configuration.Loses.Select(loss => loss.Split(':')[0]))}"));
        }

        foreach (var finding in document.Findings)
            text.WriteLine(Failures.Plain($"{finding.Severity}: {finding.Rule}: {finding.Detail}"));
    }
}
