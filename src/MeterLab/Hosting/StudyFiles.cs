using MeterLab.Cli.Rendering.Csv;
using MeterLab.Cli.Rendering.Html;
using MeterLab.Orchestrator.Studies;

namespace MeterLab.Cli.Hosting;

/// <summary>The files of a study's report: report.html, study.json, and the three CSV files.</summary>
internal static class StudyFiles
{
    /// <summary>The files of these formats.</summary>
    public static IReadOnlyList<ReportFile> Of(StudyReportInput input, IReadOnlyCollection<string> formats)
    {
        var report = input.Result;
        var files = new List<ReportFile>();
        if (formats.Contains("html"))
            files.Add(ReportFile.OfText("report.html", () => StudyReportHtml.Render(input)));
        if (formats.Contains("json"))
            files.Add(ReportFile.OfJson("study.json", report));
        if (formats.Contains("csv"))
        {
            files.Add(ReportFile.OfText("runs.csv", () => ResultsCsv.Runs(report.Study, input.Points)));
            files.Add(ReportFile.OfText("summary.csv", () => ResultsCsv.Summary(report.Groups)));
            files.Add(ReportFile.OfText("calibration.csv", () => ResultsCsv.Calibration(report.Calibration)));
        }

        return files;
    }
}
