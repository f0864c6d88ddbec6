using System.Text.RegularExpressions;
using System.Xml.Linq;

using MeterLab.Cli.Rendering.Html;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Cli.Tests.Reports;

/// <summary>The report's structure. The file is well-formed XML as well as HTML, so a strict parser reads it here.</summary>
public sealed partial class ReportHtmlTests
{
    private static readonly string Html = ReportHtml.Render(SyntheticCampaign.Input());
    private static readonly XElement Root = Parse(Html);

    [Fact]
    public void Nothing_is_loaded_from_outside_and_nothing_runs()
    {
        Assert.Empty(Root.Descendants("script"));
        Assert.DoesNotContain("://", Html, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", Html, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", Html, StringComparison.Ordinal);
        var attributes = Root.DescendantsAndSelf().Attributes().ToList();
        Assert.DoesNotContain(attributes, attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.All(
            attributes.Where(attribute => attribute.Name.LocalName is "href" or "src"),
            attribute => Assert.True(attribute.Value.StartsWith('#') || attribute.Value == "data:,", attribute.Value));
    }

    [Fact]
    public void The_document_names_its_language_landmarks_and_title()
    {
        Assert.Equal("en", Root.Attribute("lang")?.Value);
        Assert.Contains("nightly-vision", Root.Descendants("title").First().Value, StringComparison.Ordinal);
        foreach (var landmark in (string[])["header", "nav", "main", "footer"])
            Assert.Single(Root.Descendants(landmark));
    }

    [Fact]
    public void Headings_never_skip_a_level_and_there_is_one_title()
    {
        var levels = Root.Descendants().Where(element => HeadingName().IsMatch(element.Name.LocalName))
            .Select(element => element.Name.LocalName[1] - '0').ToList();
        Assert.Equal(1, levels[0]);
        Assert.Single(levels, level => level == 1);
        Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.True(pair.Second <= pair.First + 1, $"h{pair.First} is followed by h{pair.Second}"));
    }

    [Fact]
    public void Every_figure_has_a_text_alternative_and_the_table_behind_it()
    {
        var figures = Root.Descendants("figure").ToList();
        Assert.True(figures.Count >= 14, $"{figures.Count} figures");
        foreach (var figure in figures)
        {
            Assert.NotEmpty(figure.Element("figcaption")!.Value);
            var drawings = figure.Elements("svg").ToList();
            Assert.NotEmpty(drawings);
            foreach (var drawing in drawings)
            {
                Assert.Equal("img", drawing.Attribute("role")?.Value);
                Assert.Equal(drawing.Element("title")!.Attribute("id")!.Value, drawing.Attribute("aria-labelledby")?.Value);
                Assert.Equal(drawing.Element("desc")!.Attribute("id")!.Value, drawing.Attribute("aria-describedby")?.Value);
                Assert.True(drawing.Element("title")!.Value.Length > 5);
                Assert.True(drawing.Element("desc")!.Value.Length > 40);
            }

            Assert.NotEmpty(figure.Element("details")!.Descendants("tbody").Elements("tr"));
        }
    }

    [Fact]
    public void Every_table_has_a_caption_and_every_head_its_scope()
    {
        foreach (var table in Root.Descendants("table"))
        {
            Assert.NotEmpty(table.Element("caption")!.Value);
            Assert.All(table.Descendants("th"), head => Assert.Contains(head.Attribute("scope")?.Value, (string[])["col", "row"]));
            Assert.All(table.Elements("tbody"), body => Assert.NotEmpty(body.Descendants("th")));
        }
    }

    [Fact]
    public void Every_row_of_a_table_fills_its_columns()
    {
        foreach (var table in Root.Descendants("table"))
        {
            var columns = table.Element("thead")!.Descendants("th").Count();
            Assert.All(table.Elements("tbody").Elements("tr"), row => Assert.Equal(columns, row.Elements().Count()));
        }
    }

    [Fact]
    public void Identifiers_are_unique_and_references_lead_somewhere()
    {
        var ids = Root.DescendantsAndSelf().Attributes("id").Select(attribute => attribute.Value).ToList();
        Assert.Equal(ids.Count, ids.Distinct(StringComparer.Ordinal).Count());
        var references = Root.Descendants().Attributes("aria-labelledby").Select(attribute => attribute.Value)
            .Concat(Root.Descendants("a").Attributes("href").Select(attribute => attribute.Value[1..]));
        Assert.All(references, reference => Assert.Contains(reference, ids));
    }

    [Fact]
    public void Names_come_out_as_text_whatever_they_hold()
    {
        const string Nasty = "<b>&\"'</b></script><img src=x onerror=alert(1)>\u0000\ud800";
        var input = SyntheticCampaign.Input();
        var runs = input.Results.Runs.Select(run => run with
        {
            Workload = Nasty,
            Run = run.Run + Nasty,
            Parameters = new Dictionary<string, string> { [Nasty] = Nasty },
            Findings = [new FindingRow(Nasty, "note", Nasty)],
            Estimators = [.. run.Estimators.Select(estimator => estimator with { Estimator = estimator.Estimator + Nasty, Verdict = Nasty })],
        }).ToList();
        var traces = input.Traces.Select(trace => trace with { Run = trace.Run + Nasty, Meter = Nasty }).ToList();

        var root = Parse(ReportHtml.Render(new ReportInput { Results = input.Results with { Campaign = Nasty, Runs = runs }, Traces = traces }));

        Assert.Empty(root.Descendants("b"));
        Assert.Empty(root.Descendants("img"));
        Assert.Empty(root.Descendants("script"));
        Assert.Equal(Nasty.Replace('\0', '\ufffd').Replace('\ud800', '\ufffd'), root.Descendants("h1").First().Value);
    }

    [Fact]
    public void The_truth_of_the_virtual_rig_has_a_column_of_its_own_only_where_it_is_known()
    {
        Assert.Contains(Root.Descendants("th"), head => head.Value == "True (virtual rig)");
        var real = Parse(ReportHtml.Render(SyntheticCampaign.Input(truth: false)));
        Assert.DoesNotContain("virtual rig", real.Value, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_missing_figure_is_a_dash_and_its_finding_is_told()
    {
        var row = Root.Descendants("table").Single(table => table.Attribute("id")?.Value == "estimates-table").Descendants("tr")
            .Single(candidate => candidate.Value.StartsWith("classify-07codecarbon", StringComparison.Ordinal));
        var cells = row.Elements().Select(cell => cell.Value).ToList();
        var at = cells.IndexOf("codecarbon 3.0.4");
        Assert.Equal("—", cells[at + 1]);
        Assert.Equal("—", cells[at + 4]);
        Assert.Contains("warning: estimator-missing", cells[^1], StringComparison.Ordinal);
        Assert.Contains("the tracker was killed before it wrote", Root.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_campaign_without_any_figure_still_has_a_report_that_says_so()
    {
        var input = SyntheticCampaign.Input();
        var empty = input.Results with { Runs = [], Summary = [], Calibration = [], Findings = [] };
        var root = Parse(ReportHtml.Render(new ReportInput { Results = empty }));
        Assert.Contains("nothing to summarise", root.Value, StringComparison.Ordinal);
        Assert.Contains("0 runs took place", root.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_few_runs_the_limits_of_agreement_are_told_with_what_is_known_of_them()
    {
        var input = SyntheticCampaign.Input();
        SummaryRow Of(int runs, int kinds) => SummaryRows.Of("node1/work", "codecarbon",
            [.. Enumerable.Range(0, runs).Select(i => new ErrorPoint(-20 + (i * 0.5), 0.5, 0.2, $"kind {i % kinds}"))], 5);
        string Row(SummaryRow row) => Parse(ReportHtml.Render(input with { Results = input.Results with { Summary = [row] } }))
            .Descendants("table").Single(table => table.Attribute("id")?.Value == "summary-table").Element("tbody")!.Value;

        Assert.Contains(", from few runs: between −", Row(Of(2, 1)), StringComparison.Ordinal);
        Assert.DoesNotContain("from few runs", Row(Of(12, 1)), StringComparison.Ordinal);
        Assert.Contains("; counting kinds of work ", Row(Of(12, 3)), StringComparison.Ordinal);
        Assert.DoesNotContain("counting kinds", Row(Of(12, 12)), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_rule_of_every_run_can_be_read_with_its_figures()
    {
        var section = Root.Descendants("section").Single(one => one.Attribute("id")?.Value == "validity");
        var overview = section.Descendants("table").First().Element("tbody")!.Elements("tr").Select(row => row.Elements().Select(cell => cell.Value).ToList()).ToList();
        Assert.Equal(["coverage", "11", "1", "0", "classify-09", "samples cover 94.00 % of the run"], overview[0]);
        Assert.Equal(["certificate", "0", "0", "12"], overview.Single(row => row[0] == "certificate")[..4]);

        var runs = section.Elements("details").ToList();
        Assert.Equal(12, runs.Count);
        Assert.All(runs, run => Assert.Null(run.Attribute("open")));
        var invalid = runs.Single(run => run.Element("summary")!.Value.StartsWith("classify-09: ", StringComparison.Ordinal));
        Assert.Equal("classify-09: 2 hold, broken coverage, duration, 2 not judged", invalid.Element("summary")!.Value);
        var rows = invalid.Descendants("tbody").Elements("tr").Select(row => row.Elements().Select(cell => cell.Value).ToList()).ToList();
        Assert.Equal(6, rows.Count);
        Assert.Equal(["coverage", "no", "0.9400", "0.9900"], rows[0][..4]);
        Assert.Equal(["check-meter", "yes", "\u221218.01\u202fJ", "25.82\u202fJ"], rows[4][..4]);
        Assert.Equal(["idle-before", "not judged", "—", "—"], rows[5][..4]);
    }

    [Fact]
    public void Results_of_a_version_without_rules_say_so()
    {
        var input = SyntheticCampaign.Input();
        var root = Parse(ReportHtml.Render(input with { Results = input.Results with { Runs = [.. input.Results.Runs.Select(run => run with { Rules = [] })] } }));
        Assert.Contains("No rule was judged", root.Descendants("section").Single(one => one.Attribute("id")?.Value == "validity").Value, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_results_always_give_the_same_file() =>
        Assert.Equal(Html, ReportHtml.Render(SyntheticCampaign.Input()));

    [Fact]
    public void Two_thousand_runs_stay_a_file_that_a_browser_opens()
    {
        var html = ReportHtml.Render(SyntheticCampaign.Input(runs: 2000));
        Assert.InRange(html.Length, 1_000_000, 12_000_000);
        Assert.InRange(Parse(html).Descendants("figure").Count(), 20, 60);
    }

    private static XElement Parse(string html)
    {
        Assert.StartsWith("<!DOCTYPE html>\n", html, StringComparison.Ordinal);
        return XDocument.Parse(html["<!DOCTYPE html>\n".Length..], LoadOptions.PreserveWhitespace).Root!;
    }

    [GeneratedRegex("^h[1-6]$")]
    private static partial Regex HeadingName();
}
