using System.Text;

using MeterLab.Orchestrator.Reports;

namespace MeterLab.Cli.Rendering.Html.Plots;

/// <summary>Idle powers of one target and scope over time, with their uncertainty; a dashed line where the machine's fingerprint changed.</summary>
internal static class BaselinePlot
{
    private const double Left = 64;
    private const double Right = 18;
    private const double Top = 30;
    private const double Bottom = 42;

    /// <summary>Lays the picture out; the points come sorted by time, at least one.</summary>
    public static Drawing LayOut(IReadOnlyList<BaselinePoint> points, string cssClass, double width, double height)
    {
        var first = points[0].UtcNs;
        var (unit, seconds) = ((points[^1].UtcNs - first) * 1e-9) switch
        {
            > 3 * 86400 => ("days", 86400.0),
            > 3 * 3600 => ("hours", 3600.0),
            _ => ("minutes", 60.0),
        };
        double At(long utcNs) => (utcNs - first) * 1e-9 / seconds;
        var alone = points[^1].UtcNs == first;
        var x = PlotScale.Linear(alone ? -1 : 0, alone ? 1 : At(points[^1].UtcNs), Left + 10, width - Right, 56);
        var low = points.Min(point => point.StaticW - (point.UncertaintyW ?? 0));
        var high = points.Max(point => point.StaticW + (point.UncertaintyW ?? 0));
        var margin = Math.Max((high - low) * 0.1, Math.Abs(high) * 0.002);
        var y = PlotScale.Linear(low - margin, high + margin, height - Bottom, Top, 30);
        return new Drawing(cssClass, width, height, html =>
        {
            DrawAxes(html, alone ? [] : x.Ticks, x, y, width, height);
            html.Element("text", alone ? Figures.Moment(first) : $"{unit} since {Figures.Moment(first)}", ("class", "axis mid"), ("x", Figures.At((Left + width - Right) / 2)), ("y", Figures.At(height - 4)));
            DrawPoints(html, points, point => x.At(At(point.UtcNs)), y, height);
        });
    }

    private static void DrawAxes(HtmlWriter html, IReadOnlyList<double> moments, PlotScale x, PlotScale y, double width, double height)
    {
        var grid = new StringBuilder();
        foreach (var tick in y.Ticks)
        {
            grid.Append('M').Append(Figures.At(Left)).Append(' ').Append(Figures.At(y.At(tick))).Append('H').Append(Figures.At(width - Right));
            html.Element("text", y.Label(tick), ("class", "tick end"), ("x", Figures.At(Left - 7)), ("y", Figures.At(y.At(tick) + 4)));
        }

        foreach (var tick in moments)
        {
            grid.Append('M').Append(Figures.At(x.At(tick))).Append(' ').Append(Figures.At(height - Bottom)).Append("v5");
            html.Element("text", x.Label(tick), ("class", "tick mid"), ("x", Figures.At(x.At(tick))), ("y", Figures.At(height - Bottom + 18)));
        }

        html.Empty("path", ("class", "grid"), ("d", grid.ToString())).Element("text", "idle power in W", ("class", "axis"), ("x", "4"), ("y", "14"));
    }

    private static void DrawPoints(HtmlWriter html, IReadOnlyList<BaselinePoint> points, Func<BaselinePoint, double> x, PlotScale y, double height)
    {
        var (bars, dots, changes) = (new StringBuilder(), new StringBuilder(), new StringBuilder());
        for (var i = 0; i < points.Count; i++)
        {
            var (at, point) = (x(points[i]), points[i]);
            if (point.UncertaintyW is { } u && double.IsFinite(u))
                bars.Append('M').Append(Figures.At(at)).Append(' ').Append(Figures.At(y.At(point.StaticW - u))).Append('V').Append(Figures.At(y.At(point.StaticW + u)));
            Palette.Marker(dots, 0, at, y.At(point.StaticW), 4);
            if (i > 0 && Changed(points[i - 1], point))
                changes.Append('M').Append(Figures.At((x(points[i - 1]) + at) / 2)).Append(' ').Append(Figures.At(Top)).Append('V').Append(Figures.At(height - Bottom));
        }

        if (changes.Length > 0)
            html.Empty("path", ("class", "zero"), ("stroke-dasharray", "4 4"), ("d", changes.ToString()));
        html.Empty("path", ("class", Palette.ColourOf(0) + " bar"), ("d", bars.ToString()))
            .Empty("path", ("class", Palette.ColourOf(0) + " dot"), ("d", dots.ToString()));
    }

    /// <summary>Whether the second was measured on a machine that had changed; an unknown fingerprint says nothing.</summary>
    public static bool Changed(BaselinePoint before, BaselinePoint after) =>
        before.Fingerprint.Length > 0 && after.Fingerprint.Length > 0 && before.Fingerprint != after.Fingerprint;
}
