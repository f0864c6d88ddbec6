using MeterLab.Cli.Rendering.Html;
using MeterLab.Cli.Tests.Support;

namespace MeterLab.Cli.Tests.Reports;

/// <summary>The reports in a real browser: what no reading of the source can tell, because letters have the size that the browser gives them.</summary>
public sealed class ReportInBrowserTests
{
    private const int Desk = 1200;
    private const int Hand = 400;

    [Fact]
    public async Task No_label_covers_another_no_page_runs_over_and_no_table_is_cut()
    {
        if (!HeadlessBrowser.IsInstalled)
            Assert.Skip(HeadlessBrowser.Missing);
        Dictionary<string, string> documents = new()
        {
            ["ordinary"] = ReportHtml.Render(SyntheticCampaign.Input()),
            ["sixty runs of eight estimators"] = ReportHtml.Render(ReportCases.SixtyRunsOfEightEstimators()),
            ["one run"] = ReportHtml.Render(ReportCases.OneRun()),
            ["no valid run"] = ReportHtml.Render(ReportCases.NoValidRun()),
            ["errors of thousands of percent"] = ReportHtml.Render(ReportCases.ErrorsOfThousandsOfPercent()),
            ["five hundred runs"] = ReportHtml.Render(SyntheticCampaign.Input(runs: 500)),
            ["study"] = StudyReportHtml.Render(ReportCases.Study()),
        };

        var pages = await MeasureAsync(documents);

        Assert.Equal(2 * documents.Count, pages.Count);
        Assert.All(pages, page => Assert.True(page.Texts > 20, $"{page.Name} at {page.Width}: only {page.Texts} labels were measured"));
        Assert.All(pages, page => Assert.True(page.Overlaps.Count == 0, $"{page.Name} at {page.Width}: labels cover each other: {string.Join("; ", page.Overlaps.Take(8))}"));
        Assert.All(pages, page => Assert.True(page.Outside.Count == 0, $"{page.Name} at {page.Width}: labels leave their drawing: {string.Join("; ", page.Outside.Take(8))}"));
        Assert.All(pages, page => Assert.True(page.Overflow <= 0, $"{page.Name} at {page.Width}: the page is {page.Overflow} px too wide"));
        Assert.All(pages, page => Assert.True(page.Unseen.Count == 0, $"{page.Name} at {page.Width}: figures show nothing: {string.Join("; ", page.Unseen)}"));
        var cut = pages.Where(page => page.Width == Desk && page.Name is "ordinary" or "study").SelectMany(page => page.Cut.Select(table => $"{page.Name}: {table}")).ToList();
        Assert.True(cut.Count == 0, $"tables are cut at {Desk} px: {string.Join("; ", cut)}");
    }

    [Fact]
    public async Task The_measuring_page_notices_what_it_looks_for()
    {
        if (!HeadlessBrowser.IsInstalled)
            Assert.Skip(HeadlessBrowser.Missing);
        const string Bad = """
            <!DOCTYPE html><html><body><div style="width:2000px">wide</div>
            <figure id="f"><svg role="img" width="200" height="50"><title>t</title><text x="5" y="20">one label</text><text x="20" y="22">another</text><text x="190" y="40">too long for it</text></svg></figure>
            <figure id="g"></figure></body></html>
            """;

        var pages = await MeasureAsync(new() { ["bad"] = Bad });

        Assert.All(pages, page => Assert.NotEmpty(page.Overlaps));
        Assert.All(pages, page => Assert.NotEmpty(page.Outside));
        Assert.All(pages, page => Assert.True(page.Overflow > 0));
        Assert.All(pages, page => Assert.Equal(["g"], page.Unseen));
    }

    [Fact]
    public async Task Chromium_opens_the_reports_without_a_complaint_and_asks_nobody_for_anything()
    {
        if (!HeadlessBrowser.IsInstalled)
            Assert.Skip(HeadlessBrowser.Missing);
        foreach (var (html, proof) in new[]
        {
            (ReportHtml.Render(SyntheticCampaign.Input()), "Error of every run, with its uncertainty"),
            (StudyReportHtml.Render(ReportCases.Study()), "Error by model size in vision-gpu"),
        })
        {
            Assert.DoesNotContain("http:", html, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("https:", html, StringComparison.OrdinalIgnoreCase);
            var (dom, log) = await HeadlessBrowser.OpenAsync(html, TestContext.Current.CancellationToken);
            Assert.Contains(proof, dom, StringComparison.Ordinal);
            Assert.Contains("</footer>", dom, StringComparison.Ordinal);
            Assert.DoesNotContain("CONSOLE", log, StringComparison.Ordinal);
        }
    }

    private static async Task<IReadOnlyList<MeasuredPage>> MeasureAsync(Dictionary<string, string> documents)
    {
        var (dom, _) = await HeadlessBrowser.OpenAsync(MeasuringPage.Of(documents, Desk, Hand), TestContext.Current.CancellationToken);
        return MeasuringPage.Read(dom);
    }
}
