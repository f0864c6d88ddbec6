using MeterLab.Orchestrator.Reports;

namespace MeterLab.Cli.Rendering.Html.Plots;

/// <summary>The sources of a run's uncertainty as bars, largest first; each label stands above its bar, so that nothing collides.</summary>
internal static class BudgetPlot
{
    private const double Top = 24;
    private const double Row = 34;
    private const double Bottom = 26;

    /// <summary>Lays the picture out; the sources come sorted.</summary>
    public static Drawing LayOut(IReadOnlyList<BudgetRow> sources, string cssClass, double width)
    {
        var height = Top + (sources.Count * Row) + Bottom;
        var x = PlotScale.Linear(0, sources.Select(source => source.UJ).DefaultIfEmpty(1).Max(), 6, width - 24, 70);
        return new Drawing(cssClass, width, height, html =>
        {
            html.Element("text", "standard uncertainty in J", ("class", "axis"), ("x", "6"), ("y", "13"));
            foreach (var tick in x.Ticks)
            {
                var at = Figures.At(x.At(tick));
                html.Empty("path", ("class", "grid"), ("d", $"M{at} {Figures.At(Top)}V{Figures.At(height - Bottom + 4)}"))
                    .Element("text", x.Label(tick), ("class", tick == 0 ? "tick" : "tick mid"), ("x", at), ("y", Figures.At(height - 6)));
            }

            for (var i = 0; i < sources.Count; i++)
                DrawSource(html, sources[i], x, Top + (i * Row));
        });
    }

    private static void DrawSource(HtmlWriter html, BudgetRow source, PlotScale x, double top)
    {
        var label = $"{source.Source} ({source.Kind}): {Figures.WithUnit(source.UJ, "J")}";
        html.Element("text", label, ("class", "label halo"), ("x", "6"), ("y", Figures.At(top + 15)))
            .Empty(
                "rect", ("class", "fill " + ClassOf(source.Kind)), ("x", "6"), ("y", Figures.At(top + 20)),
                ("width", Figures.At(Math.Max(x.At(source.UJ) - 6, 0.5))), ("height", "10"));
    }

    // Only a help for the eye: the kind stands in words on the label.
    private static string ClassOf(string kind) => kind switch
    {
        "systematic" => Palette.ColourOf(0),
        "random" => Palette.ColourOf(1),
        _ => Palette.ColourOf(2),
    };
}
