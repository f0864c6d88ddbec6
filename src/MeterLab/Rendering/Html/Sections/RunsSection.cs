using MeterLab.Orchestrator.Reports;

namespace MeterLab.Cli.Rendering.Html.Sections;

/// <summary>Every run with its meter figure, and what each estimator made of it.</summary>
internal static class RunsSection
{
    public static void Write(HtmlWriter html, ReportContext context)
    {
        WriteRuns(html, context);
        WriteEstimates(html, context);
    }

    private static void WriteRuns(HtmlWriter html, ReportContext context)
    {
        List<Column> columns =
        [
            new("Run"), new("Target/workload"), new("Parameters"), new("Repeat", true), new("Outcome"), new("Valid"), new("Duration", true),
            new("Meter energy ± uncertainty", true),
        ];
        if (context.HasTruth)
            columns.Add(new Column("True (virtual rig)", true));
        columns.AddRange([new("Coverage", true), new("Findings")]);
        TableWriter.Open(html, "runs-table", "All runs in the order in which they took place; ± is the expanded uncertainty (95\u202f%)" + context.ListedNote, columns);
        html.Open("tbody");
        foreach (var run in context.Listed)
            WriteRun(html, context, run);
        html.Close();
        TableWriter.Close(html);
    }

    private static void WriteRun(HtmlWriter html, ReportContext context, RunResult run)
    {
        html.Open("tr").Element("th", run.Run, ("scope", "row"), ("id", context.AnchorOf(run.Run)));
        TableWriter.Cell(html, ReportContext.GroupOf(run));
        TableWriter.Cell(html, ReportContext.ParametersOf(run));
        TableWriter.Cell(html, Figures.Whole(run.Repetition), true);
        TableWriter.Cell(html, run.ExitCode is { } code and not 0 ? $"{run.Outcome}, exit code {Figures.Whole(code)}" : run.Outcome);
        TableWriter.Cell(html, run.Valid ? "yes" : "no");
        TableWriter.Cell(html, run.DurationS is { } seconds ? Figures.Number(seconds, 2) + "\u202fs" : Figures.Missing, true);
        TableWriter.Cell(html, Figures.Measured(run.Meter?.EnergyJ, run.Meter?.UncertaintyJ, "J"), true);
        if (context.HasTruth)
            TableWriter.Cell(html, Figures.WithUnit(run.Meter?.TruthJ, "J"), true);
        TableWriter.Cell(html, Figures.Percent(run.Meter?.Coverage * 100, 2), true);
        TableWriter.Cell(html, Rules(run.Findings));
        html.Close();
    }

    private static void WriteEstimates(HtmlWriter html, ReportContext context)
    {
        TableWriter.Open(
            html, "estimates-table", "What each estimator said about each run; ± is the expanded uncertainty (95\u202f%)" + context.ListedNote,
            [
                new("Run"), new("Estimator"), new("Estimated energy", true), new("Measured ± uncertainty", true), new("Compared with"),
                new("Error ± uncertainty", true), new("Verdict"), new("Findings"),
            ]);
        html.Open("tbody");
        foreach (var run in context.Listed)
        {
            foreach (var estimator in run.Estimators)
                WriteEstimate(html, run, estimator);
        }

        html.Close();
        TableWriter.Close(html);
    }

    private static void WriteEstimate(HtmlWriter html, RunResult run, EstimatorResult estimator)
    {
        var reference = ReportContext.ReferenceOf(run, estimator);
        html.Open("tr").Element("th", run.Run, ("scope", "row"));
        TableWriter.Cell(html, estimator.Version is { } version ? $"{estimator.Estimator} {version}" : estimator.Estimator);
        TableWriter.Cell(html, Figures.WithUnit(estimator.EnergyJ, "J"), true);
        TableWriter.Cell(html, Figures.Measured(reference?.EnergyJ, reference?.UncertaintyJ, "J"), true);
        TableWriter.Cell(html, estimator.ComparedWith ?? Figures.Missing);
        TableWriter.Cell(html, ErrorSection.ErrorText(estimator), true);
        var known = estimator.Verdict is "agree" or "differ" or "inconclusive";
        html.Open("td").Element("span", estimator.Verdict, ("class", known ? "verdict " + estimator.Verdict : "verdict")).Close();
        TableWriter.Cell(html, Rules(estimator.Findings));
        html.Close();
    }

    private static string Rules(IReadOnlyList<FindingRow> findings) => findings.Count == 0
        ? Figures.Missing
        : string.Join("; ", findings.GroupBy(finding => finding.Severity, StringComparer.Ordinal)
            .Select(group => $"{group.Key}: {string.Join(", ", group.Select(finding => finding.Rule).Distinct(StringComparer.Ordinal))}"));
}
