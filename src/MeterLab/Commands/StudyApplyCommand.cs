using System.CommandLine;

using MeterLab.Cli.Hosting;
using MeterLab.Cli.Rendering.Text;
using MeterLab.Measurement;
using MeterLab.Orchestrator.Calibration;
using MeterLab.Orchestrator.Studies;

namespace MeterLab.Cli.Commands;

/// <summary><c>study apply DIR --calibration FILE.json</c>: a calibration on recordings that it was not fitted on.</summary>
internal static class StudyApplyCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandHost host)
    {
        var folder = new Argument<string>("DIR") { Description = "a folder with pairs NAME.csv and NAME_image_analysis.csv" };
        var calibration = new Option<string>("--calibration") { Description = "a file that calibrate --out wrote", HelpName = "FILE.json", Required = true };
        return host.Reading(
            new Command("apply", "a calibration on recordings that it was not fitted on") { folder, calibration },
            (arguments, session, _) => Task.FromResult(Run(arguments.GetRequiredValue(folder), arguments.GetRequiredValue(calibration), session)));
    }

    private static int Run(string folder, string calibration, Session session)
    {
        if (!Directory.Exists(folder))
            throw new ConfigurationException("there is no such folder", folder);
        var result = StudyApplication.Of(folder, CalibrationFile.Read(calibration));
        session.Show(result, text => Write(text, result));
        return ExitCode.Success;
    }

    private static void Write(TextWriter text, StudyApplyResult result)
    {
        text.WriteLine(Failures.Plain($"{result.Study}, calibrated by {result.Calibration}"));
        text.WriteLine();
        var table = new TextTable("group", "estimator", "n", "mae before", "mae after", "median after", "bias after", "meter's floor", "within U and a count", "refused");
        foreach (var row in result.Groups)
        {
            table.Add(
                row.Group, row.Estimator, Figures.Of(row.N, ""), Figures.Percent(row.MaePctBefore, 4), Figures.Percent(row.MaePctAfter, 4),
                Figures.Percent(row.MedianAbsPctAfter, 4), Figures.Percent(row.BiasPctAfter, 3), Figures.Percent(row.MeterFloorPct, 3),
                Figures.Percent(row.CoveredPct, 3), Figures.Of(row.Refused, ""));
        }

        table.Write(text);
        foreach (var finding in result.Findings)
            text.WriteLine(Failures.Plain($"{finding.Severity}: {finding.Rule}: {finding.Detail}"));
    }
}
