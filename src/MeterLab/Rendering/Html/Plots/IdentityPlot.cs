using System.Text;

namespace MeterLab.Cli.Rendering.Html.Plots;

/// <summary>A pair of energies, J.</summary>
internal sealed record EnergyPair(int Style, double MeterJ, double MeterUncertaintyJ, double EstimateJ, bool Valid);

/// <summary>Estimated against measured energy, with the line on which both are equal and the tolerance around it.</summary>
internal static class IdentityPlot
{
    private const double Left = 70;
    private const double Right = 34;
    private const double Top = 32;
    private const double Bottom = 42;

    /// <summary>Lays the picture out; null where there is no pair to show.</summary>
    public static Drawing? LayOut(IReadOnlyList<EnergyPair> pairs, double tolerancePct, string cssClass, double width)
    {
        var shown = pairs.Where(pair => pair.MeterJ > 0 && pair.EstimateJ > 0).ToList();
        if (shown.Count == 0)
            return null;
        var high = shown.Max(pair => Math.Max(pair.MeterJ + pair.MeterUncertaintyJ, pair.EstimateJ));
        var low = shown.Min(pair => Math.Min(pair.MeterJ, pair.EstimateJ));
        var (unit, divisor) = Figures.EnergyUnit(high);
        var logarithmic = high / low > 30;
        PlotScale Scale(double from, double to, double spacing) => logarithmic
            ? PlotScale.Logarithmic(low / divisor, high / divisor, from, to, spacing)
            : PlotScale.Linear(0, high / divisor, from, to, spacing);
        var height = width - Left - Right + Top + Bottom;
        var x = Scale(Left, width - Right, 58);
        var y = Scale(height - Bottom, Top, 58);
        return new Drawing(cssClass, width, height, html =>
        {
            DrawAxes(html, x, y, unit, width, height);
            DrawIdentity(html, x, y, tolerancePct / 100);
            DrawPairs(html, shown, x, y, divisor);
        });
    }

    private static void DrawAxes(HtmlWriter html, PlotScale x, PlotScale y, string unit, double width, double height)
    {
        var grid = new StringBuilder();
        foreach (var tick in y.Ticks)
        {
            grid.Append('M').Append(Figures.At(Left)).Append(' ').Append(Figures.At(y.At(tick))).Append('H').Append(Figures.At(width - Right));
            html.Element("text", y.Label(tick), ("class", "tick end"), ("x", Figures.At(Left - 7)), ("y", Figures.At(y.At(tick) + 4)));
        }

        foreach (var tick in x.Ticks)
        {
            grid.Append('M').Append(Figures.At(x.At(tick))).Append(' ').Append(Figures.At(Top)).Append('V').Append(Figures.At(height - Bottom));
            html.Element("text", x.Label(tick), ("class", "tick mid"), ("x", Figures.At(x.At(tick))), ("y", Figures.At(height - Bottom + 18)));
        }

        html.Empty("path", ("class", "grid"), ("d", grid.ToString()))
            .Element("text", $"estimated energy in {unit}", ("class", "axis"), ("x", "4"), ("y", "14"))
            .Element("text", $"measured energy in {unit}", ("class", "axis mid"), ("x", Figures.At((Left + width - Right) / 2)), ("y", Figures.At(height - 4)));
    }

    private static void DrawIdentity(HtmlWriter html, PlotScale x, PlotScale y, double tolerance)
    {
        // Along a straight line in both kinds of scale the band is drawn point by point, clipped to the axes.
        var (over, under) = (new List<string>(), new List<string>());
        for (var i = 0; i <= 60; i++)
        {
            var value = x.Low > 0 ? x.Low * Math.Pow(x.High / x.Low, i / 60.0) : x.High * i / 60;
            over.Add(Point(x, y, value, value * (1 + tolerance)));
            under.Add(Point(x, y, value, value * (1 - tolerance)));
        }

        under.Reverse();
        html.Empty("path", ("class", "band"), ("d", "M" + string.Join('L', over.Concat(under)) + "z"))
            .Empty("path", ("class", "zero"), ("d", $"M{Point(x, y, x.Low, x.Low)}L{Point(x, y, x.High, x.High)}"));
    }

    private static string Point(PlotScale x, PlotScale y, double measured, double estimated) =>
        $"{Figures.At(x.At(measured))} {Figures.At(y.At(Math.Clamp(estimated, y.Low, y.High)))}";

    private static void DrawPairs(HtmlWriter html, List<EnergyPair> pairs, PlotScale x, PlotScale y, double divisor)
    {
        foreach (var group in pairs.GroupBy(pair => (pair.Style, pair.Valid)).OrderBy(group => group.Key.Style))
        {
            var (bars, dots) = (new StringBuilder(), new StringBuilder());
            foreach (var pair in group)
            {
                var at = y.At(pair.EstimateJ / divisor);
                var from = Math.Max((pair.MeterJ - pair.MeterUncertaintyJ) / divisor, x.Low);
                bars.Append('M').Append(Figures.At(x.At(from))).Append(' ').Append(Figures.At(at))
                    .Append('H').Append(Figures.At(x.At((pair.MeterJ + pair.MeterUncertaintyJ) / divisor)));
                Palette.Marker(dots, pair.Style, x.At(pair.MeterJ / divisor), at, 4.2);
            }

            var colour = Palette.ColourOf(group.Key.Style);
            html.Empty("path", ("class", colour + " bar"), ("d", bars.ToString()))
                .Empty("path", ("class", colour + (group.Key.Valid ? " dot" : " dot hollow")), ("d", dots.ToString()));
        }
    }
}
