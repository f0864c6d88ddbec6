using System.Text;

using MeterLab.Orchestrator.Reports;

namespace MeterLab.Cli.Rendering.Html.Plots;

/// <summary>Draws a run's power over time: window shaded, its uncertain edges, and mean powers as lines over the window.</summary>
internal static class PowerTraceDrawing
{
    private const double Left = 52;
    private const double Right = 66;
    private const double Top = 30;
    private const double Bottom = 38;
    private const double NarrowestWithLag = 350;

    /// <summary>Lays the picture out.</summary>
    public static Drawing LayOut(PowerTracePlot trace, Palette palette, string cssClass, double width, double height) =>
        new(cssClass, width, height, html =>
        {
            var (x, y) = Scales(trace, width, height);
            DrawWindow(html, trace, x, height);
            DrawAxes(html, x, y, width, height);
            html.Empty("path", ("class", "trace"), ("d", TracePath(trace, x, y, (int)(width - Left - Right))));
            DrawMeans(html, trace, palette, x, y, width);
            DrawLag(html, trace, x, width);
        });

    /// <summary>What the key says: each line with its mean power in words.</summary>
    public static IReadOnlyList<KeyEntry> KeyOf(PowerTracePlot trace, Palette palette)
    {
        List<KeyEntry> key =
        [
            new(Swatch.Trace, 0, $"{trace.Meter}/{trace.Channel} ({trace.Scope}), mean {Figures.WithUnit(trace.MeterMeanW, "W")}"),
            new(Swatch.Window, 0, "window " + WindowText(trace)),
        ];
        key.AddRange(trace.Estimators.Select(mean =>
            new KeyEntry(Swatch.Line, palette.StyleOf(mean.Estimator), $"{mean.Estimator}, mean {Figures.WithUnit(mean.PowerW, "W")}")));
        return key;
    }

    /// <summary>The window in words, with the uncertainty of its edges.</summary>
    public static string WindowText(PowerTracePlot trace)
    {
        var edges = trace.EdgeUncertaintyS is { } u ? "edges " + Figures.PlusMinus(u * 1000, "ms") : "edges of unknown uncertainty";
        return $"{Figures.Number(trace.WindowStartS, 2)} to {Figures.Number(trace.WindowEndS, 2)}\u202fs, {edges}";
    }

    private static (PlotScale X, PlotScale Y) Scales(PowerTracePlot trace, double width, double height)
    {
        var first = trace.TimesS.Count > 0 ? Math.Min(trace.TimesS[0], trace.WindowStartS) : trace.WindowStartS;
        var last = trace.TimesS.Count > 0 ? Math.Max(trace.TimesS[^1], trace.WindowEndS) : trace.WindowEndS;
        var watts = trace.Watts.Concat(trace.Estimators.Select(mean => mean.PowerW)).Append(trace.MeterMeanW ?? 0).Where(double.IsFinite).ToList();
        var x = PlotScale.Linear(first, last, Left, width - Right, 62, tight: true);
        // From zero, so that heights compare as powers do.
        var y = PlotScale.Linear(Math.Min(0, watts.Min()), Math.Max(watts.Max(), 1) * 1.04, height - Bottom, Top, 34);
        return (x, y);
    }

    private static void DrawWindow(HtmlWriter html, PowerTracePlot trace, PlotScale x, double height)
    {
        var (from, to) = (x.At(trace.WindowStartS), x.At(trace.WindowEndS));
        Band(html, "window", from, to, height);
        foreach (var edge in (double[])[trace.WindowStartS, trace.WindowEndS])
        {
            var half = trace.EdgeUncertaintyS ?? 0;
            var (low, high) = (Math.Max(x.Low, edge - half), Math.Min(x.High, edge + half));
            Band(html, "edge", x.At(low), Math.Max(x.At(high), x.At(low) + 1), height);
        }
    }

    // How far the trace was moved: from where it stands now to where the meter reported it.
    private static void DrawLag(HtmlWriter html, PowerTracePlot trace, PlotScale x, double width)
    {
        if (trace.LagS is not { } lag || !double.IsFinite(lag) || width < NarrowestWithLag)
            return;
        var (from, to) = (x.At(trace.WindowStartS), x.At(Math.Clamp(trace.WindowStartS + lag, x.Low, x.High)));
        html.Empty("path", ("class", "lag"), ("d", $"M{Figures.At(from)} {Figures.At(Top + 1)}v6M{Figures.At(from)} {Figures.At(Top + 4)}H{Figures.At(to)}M{Figures.At(to)} {Figures.At(Top + 1)}v6"))
            .Element(
                "text", $"lag of {Figures.Measured(lag * 1000, trace.LagUncertaintyS * 1000, "ms")} taken out", ("class", "axis mid"),
                ("x", Figures.At((Left + width - Right) / 2)), ("y", "14"));
    }

    private static void Band(HtmlWriter html, string cssClass, double from, double to, double height) => html.Empty(
        "rect", ("class", cssClass), ("x", Figures.At(from)), ("y", Figures.At(Top)),
        ("width", Figures.At(to - from)), ("height", Figures.At(height - Top - Bottom)));

    private static void DrawAxes(HtmlWriter html, PlotScale x, PlotScale y, double width, double height)
    {
        var grid = new StringBuilder();
        foreach (var tick in y.Ticks)
        {
            grid.Append('M').Append(Figures.At(Left)).Append(' ').Append(Figures.At(y.At(tick))).Append('H').Append(Figures.At(width - Right));
            html.Element("text", y.Label(tick), ("class", "tick end"), ("x", Figures.At(Left - 7)), ("y", Figures.At(y.At(tick) + 4)));
        }

        foreach (var tick in x.Ticks)
        {
            grid.Append('M').Append(Figures.At(x.At(tick))).Append(' ').Append(Figures.At(height - Bottom)).Append("v5");
            html.Element("text", x.Label(tick), ("class", "tick mid"), ("x", Figures.At(x.At(tick))), ("y", Figures.At(height - Bottom + 18)));
        }

        html.Empty("path", ("class", "grid"), ("d", grid.ToString()))
            .Element("text", "power in W", ("class", "axis"), ("x", "4"), ("y", "14"))
            .Element("text", "mean in W", ("class", "axis end"), ("x", Figures.At(width - 4)), ("y", "14"))
            .Element("text", "time since the start of the run in s", ("class", "axis mid"), ("x", Figures.At((Left + width - Right) / 2)), ("y", Figures.At(height - 4)));
    }

    private static string TracePath(PowerTracePlot trace, PlotScale x, PlotScale y, int columns)
    {
        var (times, watts) = TraceEnvelope.Reduce(trace.TimesS, trace.Watts, columns);
        var path = new StringBuilder();
        var pen = false;
        for (var i = 0; i < times.Length; i++)
        {
            if (!double.IsFinite(watts[i]))
            {
                pen = false;
                continue;
            }

            // A zero-length line after a move shows a lone sample between two gaps as a dot (round caps).
            path.Append(pen ? 'L' : 'M').Append(Figures.At(x.At(times[i]))).Append(' ').Append(Figures.At(y.At(watts[i])));
            if (!pen)
                path.Append("h0");
            pen = true;
        }

        return path.ToString();
    }

    private static void DrawMeans(HtmlWriter html, PowerTracePlot trace, Palette palette, PlotScale x, PlotScale y, double width)
    {
        List<(double Power, string Colour, string? Dash)> means =
        [
            .. trace.Estimators.Where(mean => double.IsFinite(mean.PowerW)).Select(mean =>
                (mean.PowerW, Palette.ColourOf(palette.StyleOf(mean.Estimator)), Palette.DashOf(palette.StyleOf(mean.Estimator)))),
        ];
        if (trace.MeterMeanW is { } meter && double.IsFinite(meter))
            means.Insert(0, (meter, "truth", null));
        // Where more do not fit, the meter and the first estimators keep their labels; the description has all.
        var (top, bottom) = (Top + 2, y.At(y.Low) - 2);
        var labelled = means.Take(LabelSpread.Fit(top, bottom)).OrderByDescending(mean => mean.Power).ToList();
        var labels = LabelSpread.Apart([.. labelled.Select(mean => y.At(mean.Power))], top, bottom);
        var (from, to) = (Figures.At(x.At(trace.WindowStartS)), x.At(trace.WindowEndS));
        foreach (var mean in means)
            html.Empty("path", ("class", mean.Colour + " mean"), ("stroke-dasharray", mean.Dash), ("d", $"M{from} {Figures.At(y.At(mean.Power))}H{Figures.At(to)}"));
        for (var i = 0; i < labelled.Count; i++)
        {
            var (at, label) = (Figures.At(y.At(labelled[i].Power)), Figures.At(labels[i]));
            html.Empty("path", ("class", labelled[i].Colour + " leader"), ("d", $"M{Figures.At(to)} {at}L{Figures.At(width - Right + 4)} {label}"))
                .Element("text", Figures.Number(labelled[i].Power), ("class", labelled[i].Colour + " value"), ("x", Figures.At(width - Right + 8)), ("y", Figures.At(labels[i] + 4)));
        }
    }
}
