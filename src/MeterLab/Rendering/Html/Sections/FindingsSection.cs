using MeterLab.Orchestrator.Reports;

namespace MeterLab.Cli.Rendering.Html.Sections;

/// <summary>Everything that a rule found, worst first, with the run it belongs to.</summary>
internal static class FindingsSection
{
    public static void Write(HtmlWriter html, ReportContext context)
    {
        List<(string Where, string? Anchor, FindingRow Finding)> all =
        [
            .. context.Results.Findings.Select(finding => ("campaign", (string?)null, finding)),
            .. context.Results.Runs.SelectMany(run => run.Findings.Select(finding => (run.Run, (string?)context.AnchorOf(run.Run), finding))),
            .. context.Results.Runs.SelectMany(run => run.Estimators.SelectMany(estimator => estimator.Findings
                .Select(finding => ($"{run.Run}, {estimator.Estimator}", (string?)context.AnchorOf(run.Run), finding)))),
        ];
        if (all.Count == 0)
        {
            html.Element("p", "Every rule was evaluated; none found anything.");
            return;
        }

        html.Element("p", "Invalid: the run is not used. Warning: it is, with a reservation. Note: worth knowing. "
            + string.Join(", ", all.GroupBy(row => row.Finding.Severity).OrderBy(group => RankOf(group.Key)).Select(group => $"{Figures.Whole(group.Count())} {group.Key}")) + ".");
        TableWriter.Open(html, "findings-table", "Findings, worst first", [new("Severity"), new("Rule"), new("Where"), new("What was found")]);
        html.Open("tbody");
        foreach (var (where, anchor, finding) in all.OrderBy(row => RankOf(row.Finding.Severity)))
        {
            html.Open("tr").Element("th", finding.Severity, ("scope", "row")).Element("td", finding.Rule).Open("td");
            if (anchor is null)
                html.Text(where);
            else
                html.Element("a", where, ("href", "#" + anchor));
            html.Close().Element("td", finding.Detail).Close();
        }

        html.Close();
        TableWriter.Close(html);
    }

    private static int RankOf(string severity) => severity switch
    {
        "invalid" => 0,
        "warning" => 1,
        _ => 2,
    };
}
