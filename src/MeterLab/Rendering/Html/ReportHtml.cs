using MeterLab.Cli.Rendering.Html.Sections;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Cli.Rendering.Html;

/// <summary>
/// report.html of a campaign: one file that needs no network, no script and no other file, reads well on a desk, in a hand, on
/// paper, by keyboard and by screen reader. A pure function of its input.
/// </summary>
internal static class ReportHtml
{
    private static readonly (string Id, string Title, Action<HtmlWriter, ReportContext> Write)[] Sections =
    [
        ("summary", "How wrong each estimator is", SummarySection.Write),
        ("errors", "Error of every run", ErrorSection.Write),
        ("traces", "Power over time", TraceSection.Write),
        ("uncertainty", "Where the uncertainty comes from", BudgetSection.Write),
        ("runs", "All runs", RunsSection.Write),
        ("meters", "Meters compared with each other", MetersSection.Write),
        ("clocks", "Clocks and lag", ClockSection.Write),
        ("calibration", "Calibration", CalibrationSection.Write),
        ("findings", "Findings", FindingsSection.Write),
        ("method", "Method", MethodSection.Write),
        ("provenance", "Provenance", ProvenanceSection.Write),
    ];

    /// <summary>Renders the whole document.</summary>
    public static string Render(ReportInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var context = new ReportContext(input);
        var html = new HtmlWriter();
        html.Doctype().Open("html", ("lang", "en"));
        DocumentHead.Write(html, $"{context.Results.Campaign}: energy estimators against meters");
        html.Open("body").Element("a", "Skip to the results", ("class", "skip"), ("href", "#summary"));
        WriteHeader(html, context.Results);
        html.Open("nav", ("aria-label", "Contents")).Open("ol");
        foreach (var (id, title, _) in Sections)
            html.Open("li").Element("a", title, ("href", "#" + id)).Close();
        html.Close().Close().Open("main");
        foreach (var (id, title, write) in Sections)
        {
            html.Open("section", ("id", id), ("aria-labelledby", id + "-heading")).Element("h2", title, ("id", id + "-heading"));
            write(html, context);
            html.Close();
        }

        html.Close().Open("footer").Element("p", $"MeterLab {context.Results.MeterlabVersion} · campaign {context.Results.Id}").Close();
        html.Close().Close();
        return html.ToString();
    }

    private static void WriteHeader(HtmlWriter html, CampaignResults results)
    {
        html.Open("header").Element("p", "MeterLab report", ("class", "kicker")).Element("h1", results.Campaign)
            .Element("p", $"Rig {results.Rig}, started {results.Started}", ("class", "muted"))
            .Open("div", ("class", "lead"))
            .Element("p", "Programs that estimate energy were run beside physical meters. This is how far their figures were from what the meters measured.")
            .Open("ul");
        foreach (var (subject, text) in PlainWords.Of(results))
        {
            html.Open("li");
            if (subject is not null)
                html.Element("strong", subject).Text(": ");
            html.Text(text).Close();
        }

        html.Close().Close().Close();
    }
}
