using MeterLab.Cli.Rendering.Html.Plots;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Cli.Rendering.Html;

/// <summary>Errors over measured energy with limits of agreement, and errors over model size: for campaigns and for studies.</summary>
internal static class AgreementFigures
{
    private const int MostPanels = 24;
    private const int MostPoints = 400;
    private const int MostRows = 240;

    /// <summary>A panel for each group and estimator: every error over the energy that the meter measured, bias and limits of agreement as lines.</summary>
    public static void WriteDifferences(HtmlWriter html, IReadOnlyList<AgreementPoint> points, IReadOnlyList<SummaryRow> rows, Palette palette)
    {
        html.Element("p", "Every dot is a run: how wrong the estimate was, over the energy that the meter measured. Full line: average error (bias). "
            + "Dashed lines: limits of agreement, bias ± 1.96 standard deviations, between which about 95\u202f% of single runs lie. Shaded: 95\u202f% intervals of the three lines; one that reaches the frame goes on beyond it, one wider than the picture is left out of it and stands in the table. "
            + "A cloud that leans says that the error depends on the energy, and the limits then hold for no energy in particular.");
        var panels = points.GroupBy(point => (point.Group, point.Estimator)).ToList();
        var number = 0;
        html.Open("div", ("class", "tiles wide-tiles"));
        foreach (var panel in panels.Take(MostPanels))
        {
            var row = rows.FirstOrDefault(candidate => candidate.Group == panel.Key.Group && candidate.Estimator == panel.Key.Estimator);
            WriteDifference(html, $"difference-{Figures.Whole(++number)}", panel.Key.Group, panel.Key.Estimator, [.. panel], row, palette);
        }

        html.Close();
        if (panels.Count > MostPanels)
            html.Element("p", $"{Figures.Whole(panels.Count - MostPanels)} more pairs of group and estimator are in summary.csv.", ("class", "muted"));
    }

    /// <summary>A panel for each group whose runs tell the model's size; nothing where there are fewer than two sizes.</summary>
    /// <returns>Whether there was anything to draw.</returns>
    public static bool WriteSizes(HtmlWriter html, IReadOnlyList<AgreementPoint> points, Palette palette)
    {
        var sized = points.Where(point => point.ModelParameters > 0).ToList();
        var groups = sized.GroupBy(point => point.Group, StringComparer.Ordinal)
            .Where(group => group.Select(point => point.ModelParameters).Distinct().Take(2).Count() == 2).Take(MostPanels).ToList();
        if (groups.Count == 0)
            return false;
        html.Element("p", "How wrong each estimator was, by the size of the model that was run. One dot a run; the bar is the expanded uncertainty of the error (95\u202f%), "
            + "where it is known. Below zero the estimator says too little.");
        var number = 0;
        foreach (var group in groups)
            WriteSize(html, $"size-{Figures.Whole(++number)}", group.Key, [.. group], palette);
        return true;
    }

    private static void WriteDifference(
        HtmlWriter html, string id, string group, string estimator, IReadOnlyList<AgreementPoint> all, SummaryRow? row, Palette palette)
    {
        var style = palette.StyleOf(estimator);
        var drawn = RunSelection.Thin(all, MostPoints, point => point.ErrorPct);
        var (unit, divisor) = Figures.EnergyUnit(all.Max(point => point.MeterJ));
        var plot = new ErrorScatter(
            $"measured energy in {unit}", [.. drawn.Select(point => new ScatterPoint(style, point.MeterJ / divisor, point.ErrorPct, null, point.Valid))],
            Lines(row), style);
        var text = new FigureText(
            id, $"{estimator} in {group}: error over measured energy",
            $"{Figures.Count(all.Count, "run")}{Drawn(all.Count, drawn.Count)}. {Words(row)}");
        FigureWriter.Write(
            html, text, all.Any(point => !point.Valid) ? [new(Swatch.HollowMarker, style, "empty: run not valid, not counted")] : [],
            [plot.LayOut("wide", 520, 300), plot.LayOut("narrow", Drawing.NarrowWidth, 280)],
            details =>
            {
                WriteLimits(details, id, estimator, group, row);
                WritePoints(details, id, $"Errors of {estimator} in {group}", all);
            });
    }

    private static List<ScatterLine> Lines(SummaryRow? row)
    {
        var lines = new List<ScatterLine>();
        if (row?.BiasPct is not { } bias || !double.IsFinite(bias))
            return lines;
        var interval = row.BiasByKindCi95Pct ?? row.BiasCi95Pct;
        lines.Add(new ScatterLine(bias, End(interval, 0), End(interval, 1), "bias", null));
        if (row.LimitsOfAgreementPct is [var low, var high])
        {
            lines.Add(new ScatterLine(high, End(Limit(row, 1), 0), End(Limit(row, 1), 1), "upper", "6 4"));
            lines.Add(new ScatterLine(low, End(Limit(row, 0), 0), End(Limit(row, 0), 1), "lower", "6 4"));
        }

        return lines;
    }

    private static string Words(SummaryRow? row) => row is null
        ? "Too few valid runs for limits of agreement."
        : $"Bias {Figures.SignedPercent(row.BiasPct)} (95 % interval {Figures.PercentRange(row.BiasByKindCi95Pct ?? row.BiasCi95Pct)}); "
            + $"limits of agreement {Figures.PercentRange(row.LimitsOfAgreementPct)}, the lower known to {Figures.PercentRange(Limit(row, 0))}, the upper to {Figures.PercentRange(Limit(row, 1))}.";

    private static void WriteLimits(HtmlWriter html, string id, string estimator, string group, SummaryRow? row) => TableWriter.Write(
        html, id + "-limits", $"Bias and limits of agreement of {estimator} in {group}", [new("Line"), new("Error", true), new("95\u202f% interval", true)],
        [
            ["bias", Figures.SignedPercent(row?.BiasPct), Figures.PercentRange(row?.BiasByKindCi95Pct ?? row?.BiasCi95Pct)],
            ["upper limit of agreement", Figures.SignedPercent(End(row?.LimitsOfAgreementPct, 1)), Figures.PercentRange(Limit(row, 1))],
            ["lower limit of agreement", Figures.SignedPercent(End(row?.LimitsOfAgreementPct, 0)), Figures.PercentRange(Limit(row, 0))],
        ]);

    private static void WritePoints(HtmlWriter html, string id, string caption, IReadOnlyList<AgreementPoint> all)
    {
        var listed = RunSelection.Thin(all, MostRows, point => point.ErrorPct);
        TableWriter.Write(
            html, id + "-table", caption + (listed.Count < all.Count ? $"; {Figures.Whole(listed.Count)} of {Figures.Whole(all.Count)}, all are in runs.csv" : ""),
            [new("Run"), new("Work"), new("Estimator"), new("Model size, parameters", true), new("Measured energy", true), new("Error ± uncertainty (95\u202f%)", true)],
            listed.Select(point => (IReadOnlyList<string>)
            [
                point.Run, point.Kind, point.Estimator, point.ModelParameters is { } size ? Figures.Parameters(size) : Figures.Missing,
                Figures.WithUnit(point.MeterJ, "J"), Figures.SignedPercent(point.ErrorPct) + (point.UncertaintyPct is { } u ? $" ± {Figures.Percent(u)}" : " ± unknown"),
            ]));
    }

    private static void WriteSize(HtmlWriter html, string id, string group, IReadOnlyList<AgreementPoint> all, Palette palette)
    {
        var drawn = all.GroupBy(point => point.Estimator, StringComparer.Ordinal).SelectMany(one => RunSelection.Thin([.. one], MostPoints, point => point.ErrorPct)).ToList();
        var plot = new ErrorScatter(
            "model size in parameters (M: millions, B: billions)",
            [.. drawn.Select(point => new ScatterPoint(palette.StyleOf(point.Estimator), point.ModelParameters!.Value, point.ErrorPct, point.UncertaintyPct, point.Valid))],
            [], 0, Figures.Parameters);
        var estimators = all.Select(point => point.Estimator).Distinct(StringComparer.Ordinal).OrderBy(palette.StyleOf).ToList();
        var text = new FigureText(
            id, $"Error by model size in {group}",
            $"{Figures.Count(all.Count, "error")}{Drawn(all.Count, drawn.Count)} over model size from {Figures.Parameters(all.Min(point => point.ModelParameters!.Value))} to "
            + $"{Figures.Parameters(all.Max(point => point.ModelParameters!.Value))} parameters. "
            + string.Join(" ", estimators.Select(name => Range(name, all))));
        FigureWriter.Write(
            html, text, [.. estimators.Select(name => new KeyEntry(Swatch.Marker, palette.StyleOf(name), name))],
            [plot.LayOut("wide", Drawing.WideWidth, 340), plot.LayOut("narrow", Drawing.NarrowWidth, 300)],
            details => WritePoints(details, id, $"Errors by model size in {group}", [.. all.OrderBy(point => point.ModelParameters)]));
    }

    private static string Range(string estimator, IReadOnlyList<AgreementPoint> all)
    {
        var errors = all.Where(point => point.Estimator == estimator).Select(point => point.ErrorPct).ToList();
        return $"{estimator}: from {Figures.SignedPercent(errors.Min())} to {Figures.SignedPercent(errors.Max())}.";
    }

    private static string Drawn(int all, int drawn) => drawn < all ? $", {Figures.Whole(drawn)} of them drawn, lowest and highest included" : "";

    private static IReadOnlyList<double>? Limit(SummaryRow? row, int i) => row?.LimitsCi95Pct is { Count: 2 } limits ? limits[i] : null;

    private static double? End(IReadOnlyList<double>? range, int i) => range is { Count: 2 } ? range[i] : null;
}
