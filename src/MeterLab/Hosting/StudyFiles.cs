using System.Text.Json;

using MeterLab.Cli.Rendering.Csv;
using MeterLab.Cli.Rendering.Html;
using MeterLab.Orchestrator.Reports;
using MeterLab.Orchestrator.Studies;

namespace MeterLab.Cli.Hosting;

/// <summary>The files of a study's report: report.html, study.json, and the three CSV files.</summary>
internal static class StudyFiles
{
    /// <summary>The texts of these formats by file name.</summary>
    public static IReadOnlyList<(string Name, string Text)> Of(StudyReportInput input, IReadOnlyCollection<string> formats)
    {
        var report = input.Result;
        var files = new List<(string, string)>();
        if (formats.Contains("html"))
            files.Add(("report.html", StudyReportHtml.Render(input)));
        if (formats.Contains("json"))
            files.Add(("study.json", JsonSerializer.Serialize(report, ResultsJson.Options) + "\n"));
        if (formats.Contains("csv"))
        {
            files.Add(("runs.csv", ResultsCsv.Runs(report.Study, input.Points)));
            files.Add(("summary.csv", ResultsCsv.Summary(report.Groups)));
            files.Add(("calibration.csv", ResultsCsv.Calibration(report.Calibration)));
        }

        return files;
    }
}
