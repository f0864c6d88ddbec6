using MeterLab.Cli.Rendering.Html.Plots;
using MeterLab.Cli.Rendering.Html.Sections;
using MeterLab.Orchestrator.Studies;

namespace MeterLab.Cli.Rendering.Html;

/// <summary>report.html of a recorded study: the same document as a campaign's, from what a study has. A pure function of its input.</summary>
internal static class StudyReportHtml
{
    // What counts as equivalent to the meter in a study that states nothing.
    private const double TolerancePct = 5;
    private const int MostPairs = 800;
    private const int MostRows = 400;

    /// <summary>Renders the whole document.</summary>
    public static string Render(StudyReportInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var html = new HtmlWriter();
        var palette = new Palette([.. input.Points.Select(point => point.Estimator).Distinct(StringComparer.Ordinal)]);
        List<AgreementPoint> points =
        [
            .. input.Points.Select(point => new AgreementPoint
            {
                Run = point.Run, Group = point.Group, Kind = point.Model, Estimator = point.Estimator, MeterJ = point.MeterJ, ErrorPct = point.ErrorPct,
                UncertaintyPct = point.ErrorUncertaintyPct, ModelParameters = point.ModelParameters,
            }),
        ];
        DocumentFrame.Write(html, $"{input.Result.Study}: energy estimators against a meter", () => WriteHeader(html, input),
        [
            new("sizes", "Error by model size", () => WriteSizes(html, points, palette)),
            new("summary", "How wrong each estimator is", () => SummarySection.Write(html, input.Result.Groups, palette, TolerancePct)),
            new("energies", "Estimated against measured energy", () => WriteIdentity(html, input, palette)),
            new("agreement", "Agreement over the range of energies", () => AgreementFigures.WriteDifferences(html, points, input.Result.Groups, palette)),
            new("calibration", "Calibration", () => CalibrationSection.Write(html, input.Result.Calibration, palette)),
            new("findings", "Findings", () => FindingsSection.Write(html, [.. input.Result.Findings.Select(finding => new FindingsSection.Placed("study", null, finding))])),
            new("method", "Method", () => StudyMethodSection.Write(html, TolerancePct)),
            new("provenance", "Provenance", () => StudyProvenanceSection.Write(html, input)),
        ], $"MeterLab {input.MeterlabVersion} · study {input.Result.Study}");
        return html.ToString();
    }

    private static void WriteHeader(HtmlWriter html, StudyReportInput input)
    {
        var (result, groups) = (input.Result, input.Result.Groups.Select(row => row.Group).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList());
        html.Open("header").Element("p", "MeterLab report of a recorded study", ("class", "kicker")).Element("h1", result.Study)
            .Element("p", $"{Figures.Count(result.Experiments, "experiment")} in {Figures.Count(input.Recordings.Count, "recording")}; kinds of work: {string.Join(", ", groups)}", ("class", "muted"))
            .Open("div", ("class", "lead"))
            .Element("p", result.Groups.Count == 0
                ? "The study holds no experiment that could be used; the findings below say why."
                : "Somebody ran programs that estimate energy beside an energy meter and wrote both down; this report says how far the estimates were from the meter. "
                    + $"From {Figures.Count(result.Experiments, "experiment")}: " + PlainWords.Together(result.Groups) + PlainWords.After(result.Calibration))
            .Close().Close();
    }

    private static void WriteSizes(HtmlWriter html, IReadOnlyList<AgreementPoint> points, Palette palette)
    {
        if (!AgreementFigures.WriteSizes(html, points, palette))
            html.Element("p", "The recordings do not tell the size of at least two models in any kind of work.");
    }

    private static void WriteIdentity(HtmlWriter html, StudyReportInput input, Palette palette)
    {
        List<EnergyPair> pairs = [.. input.Points.GroupBy(point => point.Estimator, StringComparer.Ordinal)
            .SelectMany(group => Orchestrator.Reports.RunSelection.Thin([.. group], MostPairs, point => point.ErrorPct))
            .Select(point => new EnergyPair(palette.StyleOf(point.Estimator), point.MeterJ, point.MeterUncertaintyJ, point.EstimateJ, true))];
        if (pairs.Count == 0)
            html.Element("p", "There is no experiment to show.");
        var listed = Orchestrator.Reports.RunSelection.Thin(input.Points, MostRows, point => point.ErrorPct);
        IdentityFigure.Write(html, pairs, TolerancePct, palette, details => TableWriter.Write(
            details, "identity-table", "Measured and estimated energy; ± is what the meter's count leaves open (95\u202f%)"
                + (listed.Count < input.Points.Count ? $"; {Figures.Whole(listed.Count)} of {Figures.Whole(input.Points.Count)}, all are in runs.csv" : ""),
            [new("Run"), new("Group"), new("Model"), new("Estimator"), new("Duration", true), new("Measured ± uncertainty", true), new("Estimated", true), new("Error", true)],
            listed.Select(point => (IReadOnlyList<string>)
            [
                point.Run, point.Group, point.Model, point.Estimator, Figures.WithUnit(point.DurationS, "s"),
                Figures.Measured(point.MeterJ, point.MeterUncertaintyJ, "J"), Figures.WithUnit(point.EstimateJ, "J"), Figures.SignedPercent(point.ErrorPct),
            ])));
    }
}
