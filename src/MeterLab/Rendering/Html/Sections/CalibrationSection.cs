using MeterLab.Cli.Rendering.Html.Plots;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Cli.Rendering.Html.Sections;

/// <summary>What would make each estimator agree with the meter, and how much that helps.</summary>
internal static class CalibrationSection
{
    private const int MostRows = 60;

    public static void Write(HtmlWriter html, ReportContext context) => Write(html, context.Results.Calibration, context.Palette);

    /// <summary>Words, picture and table of calibrations.</summary>
    public static void Write(HtmlWriter html, IReadOnlyList<CalibrationRow> rows, Palette palette)
    {
        if (rows.Count == 0)
        {
            html.Element("p", "No calibration was fitted: it needs valid runs of several kinds or lengths of work.");
            return;
        }

        html.Element("p", "E(meter) = gain × E(estimator) + unseen power × duration. The unseen power is what the program does not see on this machine in this kind of work; "
            + "it is not the machine's idle power, of which the program may count a part. Errors after calibration are of work left out of the fit.");
        WriteFigure(html, [.. rows.Where(row => row.MaePctBefore is { } before && double.IsFinite(before)).Take(MostRows)], palette);
        Table(html, "calibration-table", rows);
        TableWriter.Write(
            html, "calibration-ground-table", "What each calibration rests on, and where it may be used",
            [
                new("Estimator"), new("Group"), new("Runs", true), new("Left out together", true), new("Power seen by the estimator", true),
                new("Correlation of gain and unseen power", true), new("Mean absolute error removed (95\u202f% interval), points", true),
            ],
            rows.Select(row => (IReadOnlyList<string>)
            [
                row.Estimator, row.Group, row.N is { } n ? Figures.Whole(n) : Figures.Missing,
                row.Clusters is { } clusters ? $"{Figures.Whole(clusters)}, {row.CrossValidation ?? Figures.Missing}" : row.CrossValidation ?? Figures.Missing,
                row.FittedPowerW is [var low, var high] ? $"{Figures.Number(low)} to {Figures.WithUnit(high, "W")}" : Figures.Missing,
                row.Correlation is { } correlation ? Figures.Number(correlation, 3) : Figures.Missing,
                row.MaeGainPct is null ? Figures.Missing : $"{Figures.SignedPercent(row.MaeGainPct)} ({Figures.PercentRange(row.MaeGainCi95Pct)})",
            ]));
    }

    /// <summary>The table of calibrations.</summary>
    public static void Table(HtmlWriter html, string id, IReadOnlyList<CalibrationRow> rows) => TableWriter.Write(
        html, id, "Calibration by estimator and group; ± is the expanded uncertainty (95\u202f%)",
        [
            new("Estimator"), new("Group"), new("Gain", true), new("Unseen power", true),
            new("Mean absolute error before", true), new("after", true), new("Median absolute error after", true), new("Floor of the meter", true),
        ],
        rows.Select(row => (IReadOnlyList<string>)
        [
            row.Estimator, GroupOf(row), Figures.Measured(row.Gain, row.GainUncertainty, "").TrimEnd('\u202f'),
            Figures.Measured(row.UnseenStaticW, row.UnseenStaticUncertaintyW, "W"),
            Figures.Percent(row.MaePctBefore, 2), Figures.Percent(row.MaePctAfter, 2), Figures.Percent(row.MedianAbsPctAfter, 2),
            Figures.Percent(row.MeterFloorPct, 2),
        ]));

    private static void WriteFigure(HtmlWriter html, IReadOnlyList<CalibrationRow> rows, Palette palette)
    {
        if (rows.Count == 0)
            return;
        var plot = new RowPlot("mean absolute error in % of the metered energy", [.. rows.Select(row => RowOf(row, palette))], 0, 0, signed: false);
        var text = new FigureText(
            "calibration-effect", "Mean absolute error before and after calibration",
            string.Join(" ", rows.Take(24).Select(row =>
                $"{row.Estimator} in {GroupOf(row)}: {Figures.Percent(row.MaePctBefore, 2)} before, {Figures.Percent(row.MaePctAfter, 2)} after"
                + (row.MeterFloorPct is { } floor ? $", of which the meter's resolution alone makes {Figures.Percent(floor, 2)}." : "."))));
        FigureWriter.Write(
            html, text,
            [
                new(Swatch.HollowMarker, palette.StyleOf(rows[0].Estimator), "empty: before"),
                new(Swatch.Marker, palette.StyleOf(rows[0].Estimator), "filled: after, on work left out of the fit"),
                .. rows.Any(row => row.MeterFloorPct is not null) ? (KeyEntry[])[new(Swatch.Floor, palette.StyleOf(rows[0].Estimator), "bar: what the meter's resolution costs by itself")] : [],
            ],
            Drawing.Both(plot.LayOut), details => TableWriter.Write(
                details, "calibration-effect-table", "Mean absolute error before and after calibration",
                [new("Estimator"), new("Group"), new("Judged by"), new("Before", true), new("After", true), new("Floor of the meter", true)],
                rows.Select(row => (IReadOnlyList<string>)
                [
                    row.Estimator, GroupOf(row), row.CrossValidation ?? Figures.Missing, Figures.Percent(row.MaePctBefore, 2),
                    Figures.Percent(row.MaePctAfter, 2), Figures.Percent(row.MeterFloorPct, 2),
                ])));
    }

    private static PlotRow RowOf(CalibrationRow row, Palette palette)
    {
        var style = palette.StyleOf(row.Estimator);
        List<RowMark> marks = [new RowMark(style, row.MaePctBefore!.Value) { Hollow = true }];
        marks.Add(row.MaePctAfter is { } after && double.IsFinite(after)
            ? new RowMark(style, after) { InnerLow = row.MeterFloorPct is null ? null : 0, InnerHigh = row.MeterFloorPct }
            : RowMark.Missing(style, "no figure after: too little is left when a part is left out"));
        return new PlotRow($"{row.Estimator} in {GroupOf(row)}", marks);
    }

    private static string GroupOf(CalibrationRow row) =>
        row.Target is null || row.Group.StartsWith(row.Target, StringComparison.Ordinal) ? row.Group : $"{row.Target}, {row.Group}";
}
