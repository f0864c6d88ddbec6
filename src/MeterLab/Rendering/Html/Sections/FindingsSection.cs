using MeterLab.Orchestrator.Reports;

namespace MeterLab.Cli.Rendering.Html.Sections;

/// <summary>Everything that a rule found, worst first, with the run it belongs to.</summary>
internal static class FindingsSection
{
    private const int ListedOneByOne = 240;

    public static void Write(HtmlWriter html, ReportContext context)
    {
        List<Placed> all =
        [
            .. context.Results.Findings.Select(finding => new Placed("campaign", null, finding)),
            .. context.Results.Runs.SelectMany(run => run.Findings.Select(finding => new Placed(run.Run, context.AnchorOf(run.Run), finding))),
            .. context.Results.Runs.SelectMany(run => run.Estimators.SelectMany(estimator => estimator.Findings
                .Select(finding => new Placed($"{run.Run}, {estimator.Estimator}", context.AnchorOf(run.Run), finding)))),
        ];
        Write(html, all);
    }

    /// <summary>Words and table of findings; of very many one of each rule, with their number.</summary>
    public static void Write(HtmlWriter html, IReadOnlyList<Placed> all)
    {
        if (all.Count == 0)
        {
            html.Element("p", "Every rule was evaluated; none found anything.");
            return;
        }

        html.Element("p", "Invalid: the run is not used. Warning: it is, with a reservation. Note: worth knowing. "
            + string.Join(", ", all.GroupBy(row => row.Finding.Severity).OrderBy(group => RankOf(group.Key)).Select(group => $"{Figures.Whole(group.Count())} {group.Key}")) + ".");
        if (all.Count > ListedOneByOne)
        {
            TableWriter.Write(
                html, "findings-table", "Findings by rule, worst first, with the first of each; all are in results.json",
                [new("Severity"), new("Rule"), new("How many", true), new("First found in"), new("What was found there")],
                all.GroupBy(row => (row.Finding.Severity, row.Finding.Rule)).OrderBy(group => RankOf(group.Key.Severity)).ThenByDescending(group => group.Count())
                    .Select(group => (IReadOnlyList<string>)
                        [group.Key.Severity, group.Key.Rule, Figures.Whole(group.Count()), group.First().Where, group.First().Finding.Detail]));
            return;
        }

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

    /// <summary>A finding with the place it belongs to.</summary>
    internal sealed record Placed(string Where, string? Anchor, FindingRow Finding);
}
