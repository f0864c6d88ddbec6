using MeterLab.Orchestrator.Reports;
using MeterLab.Orchestrator.Validity;

namespace MeterLab.Cli.Rendering.Html.Sections;

/// <summary>How every validity rule came out: over all runs at a glance, and for each run with its figures.</summary>
internal static class ValiditySection
{
    // Nineteen rules each: more runs would make the page a few megabytes heavier.
    private const int MostRuns = 120;

    public static void Write(HtmlWriter html, ReportContext context)
    {
        if (context.Results.Runs.All(run => run.Rules.Count == 0))
        {
            html.Element("p", "No rule was judged: either no run took place, or these results were worked out before rules had rows of their own.");
            return;
        }

        html.Element("p", "Every rule is judged for every run, whatever the others say. A broken one is a finding as well; whether that makes the run invalid is said there. "
            + "What could not be judged, or asks for something that a run does not have, neither holds nor is broken.");
        WriteOverview(html, context);
        var runs = RunSelection.Choose(context.Results, MostRuns);
        if (runs.Count < context.Results.Runs.Count)
            html.Element("p", $"Below, {Figures.Whole(runs.Count)} of {Figures.Whole(context.Results.Runs.Count)} runs, those not valid and the first of every kind of work; all are in results.json.");
        for (var i = 0; i < runs.Count; i++)
            WriteRun(html, runs[i], $"rules-{Figures.Whole(i + 1)}");
    }

    private static void WriteOverview(HtmlWriter html, ReportContext context)
    {
        TableWriter.Open(
            html, "validity-table", "Validity rules over all runs; the words are those of the first run that broke the rule, or else of the first run",
            [new("Rule"), new("Holds in", true), new("Broken in", true), new("Not judged in", true), new("For instance"), new("In words")]);
        html.Open("tbody");
        foreach (var rule in context.Results.Runs.SelectMany(run => run.Rules.Select(row => (Run: run, Row: row))).GroupBy(one => one.Row.Rule))
        {
            var shown = rule.FirstOrDefault(one => one.Row.Held == false, rule.First());
            html.Open("tr").Element("th", rule.Key, ("scope", "row"));
            TableWriter.Cell(html, Figures.Whole(rule.Count(one => one.Row.Held == true)), true);
            TableWriter.Cell(html, Figures.Whole(rule.Count(one => one.Row.Held == false)), true);
            TableWriter.Cell(html, Figures.Whole(rule.Count(one => one.Row.Held is null)), true);
            html.Open("td");
            if (context.AnchorOf(shown.Run.Run) is { } anchor)
                html.Element("a", shown.Run.Run, ("href", "#" + anchor));
            else
                html.Text(shown.Run.Run);
            html.Close();
            TableWriter.Cell(html, shown.Row.Detail);
            html.Close();
        }

        html.Close();
        TableWriter.Close(html);
    }

    private static void WriteRun(HtmlWriter html, RunResult run, string id)
    {
        html.Open("details", ("class", "rules")).Element("summary", $"{run.Run}: {Words(run)}");
        if (run.Rules.Count > 0)
        {
            TableWriter.Write(
                html, id, $"Validity rules of {run.Run}; figures without a unit are shares or ratios",
                [new("Rule"), new("Holds"), new("Found", true), new("Limit", true), new("In words")],
                run.Rules.Select(rule => (IReadOnlyList<string>)
                    [rule.Rule, rule.Held switch { true => "yes", false => "no", null => "not judged" }, Figure(rule.Value, rule), Figure(rule.Limit, rule), rule.Detail]));
        }

        html.Close();
    }

    private static string Words(RunResult run)
    {
        if (run.Rules.Count == 0)
            return "no rule was judged";
        var broken = run.Rules.Where(rule => rule.Held == false).Select(rule => rule.Rule).ToList();
        var open = run.Rules.Count(rule => rule.Held is null);
        return $"{Figures.Whole(run.Rules.Count(rule => rule.Held == true))} hold, {(broken.Count == 0 ? "none is broken" : $"broken {string.Join(", ", broken)}")}, {Figures.Whole(open)} not judged";
    }

    // Shares and ratios have no unit.
    private static string Figure(double? value, RuleRow rule) => rule.Unit == "1" && value is { } number ? Figures.Number(number) : Figures.WithUnit(value, rule.Unit);
}
