using MeterLab.Cli.Rendering.Html.Plots;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Cli.Rendering.Html.Sections;

/// <summary>One run's power in full width, then the other runs' as tiles by kind of work.</summary>
internal static class TraceSection
{
    private const int Slices = 40;

    public static void Write(HtmlWriter html, ReportContext context)
    {
        if (context.Traces.Count == 0)
        {
            html.Element("p", context.Pruned ?? "No trace was given to this report. The recorded samples are in the store; meterlab export writes them to a file.");
            return;
        }

        html.Element("p", "Black: what the meter saw, its delay taken out. Shaded: the window of the run whose energy is compared, its edges as wide as they are uncertain. "
            + "Horizontal lines: the power that each program's energy would mean, spread evenly over the window.");
        var first = context.Traces.FirstOrDefault(trace => trace.Run == context.Representative?.Run) ?? context.Traces[0];
        Figure(html, context, first, 0, "One run in full", Drawing.Both((cssClass, width) =>
            PowerTraceDrawing.LayOut(first, context.Palette, cssClass, width, cssClass == "wide" ? 330 : 260)));
        WriteTiles(html, context, first);
    }

    private static void WriteTiles(HtmlWriter html, ReportContext context, PowerTracePlot first)
    {
        var number = 0;
        foreach (var group in context.Traces.Where(trace => !ReferenceEquals(trace, first)).GroupBy(trace => GroupOf(context, trace), StringComparer.Ordinal))
        {
            html.Element("h3", group.Key);
            Key.Write(html, SharedKey(context));
            html.Open("div", ("class", "tiles"));
            foreach (var trace in group)
            {
                number++;
                Figure(html, context, trace, number, "", [PowerTraceDrawing.LayOut(trace, context.Palette, "tile", Drawing.NarrowWidth + 40, 220)]);
            }

            html.Close();
        }

        var missing = context.Results.Runs.Count(run => run.Meter is not null) - context.Traces.Select(trace => trace.Run).Distinct(StringComparer.Ordinal).Count();
        if (missing > 0)
            html.Element("p", $"{Figures.Count(missing, "more measured run")} without a picture here; the recorded samples are in the store.", ("class", "muted"));
    }

    private static List<KeyEntry> SharedKey(ReportContext context) =>
    [
        new(Swatch.Trace, 0, "meter"), new(Swatch.Window, 0, "window"),
        .. context.Palette.Estimators.Select((name, style) => new KeyEntry(Swatch.Line, style, name)),
    ];

    private static string GroupOf(ReportContext context, PowerTracePlot trace) =>
        context.Find(trace.Run) is { } run ? ReportContext.GroupOf(run) : "other runs";

    private static void Figure(
        HtmlWriter html, ReportContext context, PowerTracePlot trace, int number, string prefix, IReadOnlyList<Drawing> drawings)
    {
        var run = context.Find(trace.Run);
        var state = run is null || run.Valid ? "" : run.Outcome == "passed" ? ", not valid" : $", {run.Outcome}";
        var id = "trace-" + Figures.Whole(number);
        var title = (prefix.Length > 0 ? prefix + ": " : "") + trace.Run + state;
        FigureWriter.Write(
            html, new FigureText(id, title, Describe(trace)), number == 0 ? PowerTraceDrawing.KeyOf(trace, context.Palette) : [], drawings,
            details => TableWriter.Write(
                details, id + "-table", $"Power of {trace.Meter}/{trace.Channel} in {trace.Run}, in slices of equal time",
                [new("Slice from, in s", true), new("to, in s", true), new("Lowest", true), new("Highest", true)], SlicesOf(trace)));
    }

    private static string Describe(PowerTracePlot trace)
    {
        var finite = trace.Watts.Where(double.IsFinite).DefaultIfEmpty(double.NaN).ToList();
        var lag = trace.LagS is { } seconds ? $" The meter's lag of {Figures.Measured(seconds * 1000, trace.LagUncertaintyS * 1000, "ms")} is taken out." : "";
        var means = string.Concat(trace.Estimators.Select(mean => $" {mean.Estimator}: {Figures.WithUnit(mean.PowerW, "W")}."));
        return $"Power of {trace.Meter}/{trace.Channel} ({trace.Scope}) between {Figures.WithUnit(finite.Min(), "W")} and {Figures.WithUnit(finite.Max(), "W")}; "
            + $"window {PowerTraceDrawing.WindowText(trace)}. Mean in the window: meter {Figures.WithUnit(trace.MeterMeanW, "W")}.{means}{lag}";
    }

    private static IEnumerable<IReadOnlyList<string>> SlicesOf(PowerTracePlot trace)
    {
        if (trace.TimesS.Count == 0)
            yield break;
        var (start, width) = (trace.TimesS[0], Math.Max((trace.TimesS[^1] - trace.TimesS[0]) / Slices, 1e-9));
        for (int slice = 0, i = 0; slice < Slices; slice++)
        {
            var (low, high) = (double.NaN, double.NaN);
            for (; i < trace.TimesS.Count && (slice == Slices - 1 || trace.TimesS[i] < start + ((slice + 1) * width)); i++)
            {
                if (double.IsFinite(trace.Watts[i]))
                    (low, high) = (double.MinNumber(low, trace.Watts[i]), double.MaxNumber(high, trace.Watts[i]));
            }

            yield return
            [
                Figures.Number(start + (slice * width), 2), Figures.Number(start + ((slice + 1) * width), 2),
                Figures.WithUnit(low, "W"), Figures.WithUnit(high, "W"),
            ];
        }
    }
}
