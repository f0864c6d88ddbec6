using System.CommandLine;

using MeterLab.Cli.Hosting;
using MeterLab.Cli.Rendering.Text;
using MeterLab.Estimators;
using MeterLab.Orchestrator.Calibration;

namespace MeterLab.Cli.Commands;

/// <summary><c>calibrate apply PATH --calibration FILE.json</c>: what an estimator wrote, with the energy that the meter would have shown.</summary>
internal static class CalibrateApplyCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandHost host)
    {
        var path = new Argument<string>("PATH") { Description = "the file or folder that the estimator wrote" };
        var calibration = new Option<string>("--calibration") { Description = "a file that calibrate --out wrote", HelpName = "FILE.json", Required = true };
        var estimator = new Option<string?>("--estimator") { Description = "the estimator, where the calibrations are about several", HelpName = "NAME" };
        var target = new Option<string?>("--target") { Description = "only calibrations of this target", HelpName = "NAME" };
        var group = new Option<string?>("--group") { Description = "the group whose calibration holds for these rows", HelpName = "GROUP" };
        return host.Reading(
            new Command("apply", "a calibration on an estimator's output file, row by row") { path, calibration, estimator, target, group },
            (arguments, session, _) => Task.FromResult(Run(
                arguments.GetRequiredValue(path), arguments.GetRequiredValue(calibration), arguments.GetValue(estimator),
                arguments.GetValue(target), arguments.GetValue(group), session)));
    }

    private static int Run(string path, string calibration, string? estimator, string? target, string? group, Session session)
    {
        var document = CalibrationFile.Read(calibration);
        var output = EstimatorCatalog.Find(EstimateApplication.EstimatorOf(document, estimator)).Read(EstimatorPath.Load(path));
        var calibrated = EstimateApplication.Of(output, document, target, group);
        session.Show(calibrated, text => Write(text, calibrated));
        return ExitCode.Success;
    }

    private static void Write(TextWriter text, CalibratedOutput output)
    {
        text.WriteLine(Failures.Plain($"{output.Estimator} {output.Version}, calibrated by {output.Calibration}"));
        text.WriteLine();
        var table = new TextTable("run", "task", "project", "energy", "duration", "calibrated", "U (95 %)", "by", "remarks");
        foreach (var row in output.Rows)
        {
            table.Add(
                row.Run, row.Task, row.Project, Figures.Of(row.EnergyJ, "J"), Figures.Of(row.DurationS, "s"), Figures.Of(row.CalibratedJ, "J"),
                Figures.Of(row.UncertaintyJ, "J", 2), string.Join(' ', row.Groups), string.Join(' ', row.Findings.Select(finding => finding.Rule).Distinct(StringComparer.Ordinal)));
        }

        table.Write(text);
        foreach (var finding in output.Findings.Concat(output.Rows.SelectMany(row => row.Findings)).Distinct())
            text.WriteLine(Failures.Plain($"{finding.Severity}: {finding.Rule}: {finding.Detail}"));
    }
}
