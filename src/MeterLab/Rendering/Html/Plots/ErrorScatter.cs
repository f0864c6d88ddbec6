using System.Text;

namespace MeterLab.Cli.Rendering.Html.Plots;

/// <summary>A point of a scatter plot.</summary>
/// <param name="Style">The palette's style number.</param>
/// <param name="X">Its place along the horizontal axis, above 0 where that is logarithmic.</param>
/// <param name="Error">%.</param>
/// <param name="Uncertainty">Half length of its bar, %; null for none.</param>
/// <param name="Valid">Drawn empty where not.</param>
internal sealed record ScatterPoint(int Style, double X, double Error, double? Uncertainty, bool Valid);

/// <summary>A horizontal line with its interval.</summary>
/// <param name="At">%.</param>
/// <param name="Low">Lower end of its 95 % interval; null for none.</param>
/// <param name="High">Upper end.</param>
/// <param name="Label">What it is, short; its figure is added.</param>
/// <param name="Dash">The dash pattern; null for a full line.</param>
internal sealed record ScatterLine(double At, double? Low, double? High, string Label, string? Dash);

/// <summary>Errors in % over energy or model size, with horizontal lines such as limits of agreement.</summary>
/// <param name="axisTitle">The horizontal axis with its unit.</param>
/// <param name="points">The points; those without a finite place are left out.</param>
/// <param name="lines">The lines, drawn with the colour of <paramref name="lineStyle"/>.</param>
/// <param name="lineStyle">The palette's style number.</param>
/// <param name="label">A label of the horizontal axis from its value; null for plain numbers.</param>
internal sealed class ErrorScatter(
    string axisTitle, IReadOnlyList<ScatterPoint> points, IReadOnlyList<ScatterLine> lines, int lineStyle, Func<double, string>? label = null)
{
    private const double Left = 64;
    private const double Top = 30;
    private const double Bottom = 42;
    private const double CharacterWidth = 7.4;

    // From this ratio of the largest to the smallest on, a linear axis hides the small ones.
    private const double RatioForLogarithm = 10;

    private readonly List<ScatterPoint> _points = [.. points.Where(point => double.IsFinite(point.X) && point.X > 0 && double.IsFinite(point.Error))];

    /// <summary>Whether there is anything to draw.</summary>
    public bool IsEmpty => _points.Count == 0;

    /// <summary>Lays the plot out; throws where it is empty.</summary>
    public Drawing LayOut(string cssClass, double width, double height)
    {
        var right = lines.Count > 0 ? 16 + (lines.Max(line => LabelOf(line).Length) * CharacterWidth) : 22;
        var (low, high) = (_points.Min(point => point.X), _points.Max(point => point.X));
        var x = high / low > RatioForLogarithm
            ? PlotScale.Logarithmic(low * 0.93, high * 1.07, Left + 8, width - right - 8, 56)
            : PlotScale.Linear(low - ((high - low) * 0.04), high + ((high - low) * 0.04), Left + 8, width - right - 8, 64);
        var y = Vertical(height);
        return new Drawing(cssClass, width, height, html =>
        {
            DrawAxes(html, x, y, width - right, height);
            DrawLines(html, y, width, right, height);
            DrawPoints(html, x, y);
        });
    }

    private PlotScale Vertical(double height)
    {
        List<double> values =
        [
            .. _points.SelectMany(point => (double[])[point.Error - (point.Uncertainty ?? 0), point.Error + (point.Uncertainty ?? 0)]),
            .. lines.Select(line => line.At), 0,
        ];
        values.RemoveAll(value => !double.IsFinite(value));
        // Limits of few runs have intervals so wide that they would flatten everything else: they are cut at the frame.
        var (low, high) = (values.Min(), values.Max());
        var room = Math.Max((high - low) * 0.3, 1e-3);
        var ends = lines.SelectMany(line => (double[])[line.Low ?? line.At, line.High ?? line.At]).Where(double.IsFinite).Append(0).ToList();
        return PlotScale.ForErrors(Math.Max(Math.Min(low, ends.Min()), low - room), Math.Min(Math.Max(high, ends.Max()), high + room), height - Bottom, Top, 30);
    }

    private void DrawAxes(HtmlWriter html, PlotScale x, PlotScale y, double end, double height)
    {
        var grid = new StringBuilder();
        foreach (var tick in y.Ticks)
        {
            grid.Append('M').Append(Figures.At(Left)).Append(' ').Append(Figures.At(y.At(tick))).Append('H').Append(Figures.At(end));
            html.Element("text", y.SignedLabel(tick), ("class", "tick end"), ("x", Figures.At(Left - 7)), ("y", Figures.At(y.At(tick) + 4)));
        }

        foreach (var tick in x.Ticks)
        {
            grid.Append('M').Append(Figures.At(x.At(tick))).Append(' ').Append(Figures.At(height - Bottom)).Append("v5");
            html.Element(
                "text", label is null ? x.Label(tick) : label(tick), ("class", "tick mid"), ("x", Figures.At(x.At(tick))), ("y", Figures.At(height - Bottom + 18)));
        }

        html.Empty("path", ("class", "grid"), ("d", grid.ToString()))
            .Empty("path", ("class", "zero"), ("d", $"M{Figures.At(Left)} {Figures.At(y.At(0))}H{Figures.At(end)}"))
            .Element("text", "error in %", ("class", "axis"), ("x", "4"), ("y", "14"))
            .Element("text", axisTitle, ("class", "axis mid"), ("x", Figures.At((Left + end) / 2)), ("y", Figures.At(height - 4)));
    }

    private void DrawLines(HtmlWriter html, PlotScale y, double width, double right, double height)
    {
        if (lines.Count == 0)
            return;
        var colour = Palette.ColourOf(lineStyle);
        List<ScatterLine> sorted = [.. lines.Where(line => double.IsFinite(line.At)).OrderByDescending(line => line.At)];
        var labels = LabelSpread.Apart([.. sorted.Select(line => y.At(line.At))], Top + 6, height - Bottom - 6);
        for (var i = 0; i < sorted.Count; i++)
        {
            var (line, at, end) = (sorted[i], Figures.At(y.At(sorted[i].At)), width - right);
            // One that is wider than the whole picture would only colour it.
            if (line is { Low: { } from, High: { } to } && double.IsFinite(from) && double.IsFinite(to) && (from > y.Low || to < y.High))
            {
                var (low, high) = (Math.Clamp(from, y.Low, y.High), Math.Clamp(to, y.Low, y.High));
                html.Empty(
                    "rect", ("class", colour + " interval"), ("x", Figures.At(Left)), ("y", Figures.At(y.At(high))), ("width", Figures.At(end - Left)),
                    ("height", Figures.At(Math.Max(y.At(low) - y.At(high), 0.5))));
            }

            html.Empty("path", ("class", colour + " limit"), ("stroke-dasharray", line.Dash), ("d", $"M{Figures.At(Left)} {at}H{Figures.At(end)}"))
                .Empty("path", ("class", colour + " leader"), ("d", $"M{Figures.At(end)} {at}L{Figures.At(end + 6)} {Figures.At(labels[i])}"))
                .Element("text", LabelOf(line), ("class", colour + " value"), ("x", Figures.At(end + 9)), ("y", Figures.At(labels[i] + 4)));
        }
    }

    private static string LabelOf(ScatterLine line) => $"{line.Label} {Figures.SignedPercent(line.At)}";

    private void DrawPoints(HtmlWriter html, PlotScale x, PlotScale y)
    {
        foreach (var group in _points.GroupBy(point => (point.Style, point.Valid)).OrderBy(group => group.Key.Style))
        {
            var (bars, dots) = (new StringBuilder(), new StringBuilder());
            foreach (var point in group)
            {
                var (at, centre) = (x.At(point.X), y.At(point.Error));
                if (point.Uncertainty is { } u && double.IsFinite(u))
                {
                    bars.Append('M').Append(Figures.At(at)).Append(' ').Append(Figures.At(y.At(point.Error - u)))
                        .Append('V').Append(Figures.At(y.At(point.Error + u)));
                }

                Palette.Marker(dots, point.Style, at, centre, _points.Count > 150 ? 2.8 : 3.8);
            }

            var colour = Palette.ColourOf(group.Key.Style);
            if (bars.Length > 0)
                html.Empty("path", ("class", colour + " bar faint"), ("d", bars.ToString()));
            html.Empty("path", ("class", colour + (group.Key.Valid ? " dot" : " dot hollow")), ("d", dots.ToString()));
        }
    }
}
