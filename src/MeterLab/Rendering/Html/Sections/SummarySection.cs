using MeterLab.Cli.Rendering.Html.Plots;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Cli.Rendering.Html.Sections;

/// <summary>Bias, spread and extremes of each estimator in each group, as a picture and as a table.</summary>
internal static class SummarySection
{
    private const int MostRows = 60;
    private const int MostListed = 240;
    private const int FewRuns = 10;

    // Few enough columns for a page: what belongs together stands in one.
    private static readonly Column[] Columns =
    [
        new("Estimator"), new("Group"), new("Runs", true), new("Bias (95\u202f% interval)", true), new("Limits of agreement", true),
        new("Mean absolute error", true), new("Lowest, median, highest", true),
    ];

    public static void Write(HtmlWriter html, ReportContext context) =>
        Write(html, context.Results.Summary, context.Palette, context.Results.TolerancePct);

    /// <summary>Words, picture and table of summary rows.</summary>
    public static void Write(HtmlWriter html, IReadOnlyList<SummaryRow> rows, Palette palette, double tolerancePct)
    {
        if (rows.Count == 0)
        {
            html.Element("p", "No valid run has an estimator's figure to compare: there is nothing to summarise. The findings say why.");
            return;
        }

        html.Element("p", "Errors are (estimate − meter) / meter: below zero the program says too little. Only valid runs count. In the picture, dot: average error; "
            + "thick bar: 95\u202f% confidence interval of the average; thin bar: limits of agreement, between which about 95\u202f% of single runs lie if many were seen; of few runs the table says how far the limits themselves are known.");
        WriteFigure(html, rows, palette, tolerancePct);
        Table(html, "summary-table", rows);
    }

    /// <summary>The table of summary rows; of very many those with the largest bias.</summary>
    public static void Table(HtmlWriter html, string id, IReadOnlyList<SummaryRow> rows)
    {
        var listed = Largest(rows, MostListed);
        var note = listed.Count < rows.Count ? $"; the {Figures.Whole(listed.Count)} with the largest bias of {Figures.Whole(rows.Count)}, all are in summary.csv" : "";
        TableWriter.Write(
            html, id, "Errors by estimator and group, in percent of the metered energy" + note, Columns, listed.Select(row => (IReadOnlyList<string>)
            [
                row.Estimator, row.Group, Figures.Whole(row.N),
                Figures.SignedPercent(row.BiasPct) + (row.BiasCi95Pct is null ? "" : $" ({Figures.PercentRange(row.BiasCi95Pct)}{ByKind(row)})"),
                Figures.PercentRange(row.LimitsOfAgreementPct) + Sureness(row), Figures.Percent(row.MaePct),
                $"{Figures.SignedPercent(row.MinPct)}, {Figures.SignedPercent(row.MedianPct)}, {Figures.SignedPercent(row.MaxPct)}",
            ]));
    }

    // Runs of one kind err alike: where kinds were repeated, they are what was sampled.
    private static string ByKind(SummaryRow row) =>
        row.Kinds > 1 && row.Kinds < row.N && row.BiasByKindCi95Pct is not null ? $"; counting kinds of work {Figures.PercentRange(row.BiasByKindCi95Pct)}" : "";

    // ± 1.96 standard deviations of a handful of runs are hardly known themselves.
    private static string Sureness(SummaryRow row) => row is { N: < FewRuns, LimitsCi95Pct: [[var low, _], [_, var high]] }
        ? $", from few runs: between {Figures.SignedPercent(low)} and {Figures.SignedPercent(high)}" : "";

    private static IReadOnlyList<SummaryRow> Largest(IReadOnlyList<SummaryRow> rows, int limit)
    {
        if (rows.Count <= limit)
            return rows;
        var kept = rows.OrderByDescending(row => Math.Abs(row.BiasPct ?? 0)).Take(limit).ToHashSet(ReferenceEqualityComparer.Instance);
        return [.. rows.Where(kept.Contains)];
    }

    private static void WriteFigure(HtmlWriter html, IReadOnlyList<SummaryRow> rows, Palette palette, double tolerancePct)
    {
        var shown = Largest([.. rows.Where(row => row.BiasPct is { } bias && double.IsFinite(bias))], MostRows);
        if (shown.Count == 0)
            return;
        var plotRows = new List<PlotRow>();
        foreach (var group in shown.GroupBy(row => row.Group, StringComparer.Ordinal))
        {
            plotRows.Add(new PlotRow(group.Key, []) { Heading = true });
            plotRows.AddRange(group.Select(row => new PlotRow(row.Estimator, [MarkOf(row, palette)])));
        }

        var plot = new RowPlot("average error in % of the metered energy", plotRows, -tolerancePct, tolerancePct);
        var text = new FigureText(
            "bias", "Average error of each estimator, by kind of work",
            "Dot: average error (bias). Thick bar: its 95 % confidence interval. Thin bar: limits of agreement, between which about 95 % of single runs lie. "
            + string.Join("; ", shown.Take(24).Select(row => $"{row.Estimator} in {row.Group}: {Figures.SignedPercent(row.BiasPct)}")) + ".");
        FigureWriter.Write(
            html, text, [new(Swatch.Band, 0, $"tolerance ±{Figures.Percent(tolerancePct, 0)}"), new(Swatch.Identity, 0, "no error")],
            Drawing.Both(plot.LayOut), details => Table(details, "bias-table", shown));
    }

    private static RowMark MarkOf(SummaryRow row, Palette palette) => new(
        palette.StyleOf(row.Estimator), row.BiasPct!.Value, End(row.LimitsOfAgreementPct, 0), End(row.LimitsOfAgreementPct, 1))
    {
        InnerLow = End(row.BiasCi95Pct, 0),
        InnerHigh = End(row.BiasCi95Pct, 1),
    };

    private static double? End(IReadOnlyList<double>? range, int i) => range is { Count: 2 } ? range[i] : null;
}
