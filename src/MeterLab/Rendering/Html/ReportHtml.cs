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
        ("agreement", "Agreement over the range of energies", AgreementSection.Write),
        ("calibration", "Calibration", CalibrationSection.Write),
        ("traces", "Power over time", TraceSection.Write),
        ("uncertainty", "Where the uncertainty comes from", BudgetSection.Write),
        ("baselines", "Idle power", BaselineSection.Write),
        ("runs", "All runs", RunsSection.Write),
        ("validity", "Validity rules", ValiditySection.Write),
        ("meters", "Meters compared with each other", MetersSection.Write),
        ("clocks", "Clocks and lag", ClockSection.Write),
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
        DocumentFrame.Write(
            html, $"{context.Results.Campaign}: energy estimators against meters", () => WriteHeader(html, context.Results),
            [.. Sections.Select(section => new DocumentSection(section.Id, section.Title, () => section.Write(html, context)))],
            $"MeterLab {context.Results.MeterlabVersion} · campaign {context.Results.Id}");
        return html.ToString();
    }

    private static void WriteHeader(HtmlWriter html, CampaignResults results)
    {
        html.Open("header").Element("p", "MeterLab report", ("class", "kicker")).Element("h1", results.Campaign)
            .Element("p", $"Rig {results.Rig}, started {Figures.Moment(results.Started)}", ("class", "muted"))
            .Open("div", ("class", "lead"))
            .Element("p", PlainWords.Paragraph(results))
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
