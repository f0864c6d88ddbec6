using System.Text;

namespace MeterLab.Cli.Rendering.Html.Plots;

/// <summary>A value with what surrounds it, on one horizontal axis.</summary>
/// <param name="Style">Whose value it is: the palette's style number.</param>
/// <param name="Value">The centre.</param>
/// <param name="Low">The thin bar's lower end; null for no bar.</param>
/// <param name="High">The thin bar's upper end.</param>
internal sealed record RowMark(int Style, double Value, double? Low = null, double? High = null)
{
    /// <summary>The thick bar's lower end; null for no thick bar.</summary>
    public double? InnerLow { get; init; }

    /// <summary>The thick bar's upper end.</summary>
    public double? InnerHigh { get; init; }

    /// <summary>Drawn empty: shown, but not used.</summary>
    public bool Hollow { get; init; }

    /// <summary>Keeps the lane of a value that is missing, with the words that say so.</summary>
    public static RowMark Missing(int style, string words) => new(style, double.NaN) { Words = words };

    /// <summary>What stands where the value is missing.</summary>
    public string? Words { get; private init; }
}

/// <summary>A row of the plot: a heading, or a label with marks one below another.</summary>
internal sealed record PlotRow(string Label, IReadOnlyList<RowMark> Marks)
{
    /// <summary>A heading has no marks.</summary>
    public bool Heading { get; init; }

    /// <summary>Why there is no mark.</summary>
    public string? Note { get; init; }

    /// <summary>Units between two marks.</summary>
    public double Pitch { get; init; } = 12;
}

/// <summary>Labelled rows of dots with bars over one horizontal axis: errors of runs, biases of groups.</summary>
/// <param name="axisTitle">The axis with its unit.</param>
/// <param name="rows">From top to bottom.</param>
/// <param name="bandLow">Lower end of the shaded band, such as the tolerance.</param>
/// <param name="bandHigh">Its upper end.</param>
/// <param name="signed">Whether the axis' labels carry a sign.</param>
internal sealed class RowPlot(string axisTitle, IReadOnlyList<PlotRow> rows, double bandLow, double bandHigh, bool signed = true)
{
    private const double Top = 44;
    private const double Bottom = 28;
    private const double CharacterWidth = 7.2;
    private const double LabelHeight = 18;

    // Half of the widest label of the axis.
    private const double Edge = 26;

    /// <summary>Lays the plot out for a width; labels stand beside the rows where there is room, else above them.</summary>
    public Drawing LayOut(string cssClass, double width)
    {
        var longest = rows.Where(row => !row.Heading).Select(row => row.Label.Length).DefaultIfEmpty(0).Max() * CharacterWidth;
        var beside = longest + 12 <= width * 0.28;
        var left = beside ? Math.Max(longest + 14, 60) : Edge;
        var heights = rows.Select(row => HeightOf(row, beside)).ToList();
        var height = Top + heights.Sum() + Bottom;
        var scale = ScaleFor(left, width - Edge);
        return new Drawing(cssClass, width, height, html =>
        {
            DrawFrame(html, scale, height);
            var y = Top;
            var paths = new MarkPaths();
            for (var i = 0; i < rows.Count; i++)
            {
                DrawRow(html, rows[i], scale, y, heights[i], beside, (int)((width - 16) / CharacterWidth), paths);
                y += heights[i];
            }

            paths.Write(html);
        });
    }

    private static double HeightOf(PlotRow row, bool beside)
    {
        if (row.Heading)
            return 26;
        var marks = Math.Max(row.Marks.Count, 1) * row.Pitch;
        return 10 + (beside ? Math.Max(marks, LabelHeight - 4) : LabelHeight + marks);
    }

    private PlotScale ScaleFor(double from, double to)
    {
        var values = rows.SelectMany(row => row.Marks)
            .SelectMany(mark => (double?[])[mark.Value, mark.Low, mark.High, mark.InnerLow, mark.InnerHigh])
            .Where(value => value is { } number && double.IsFinite(number))
            .Select(value => value!.Value)
            .Concat([bandLow, bandHigh, 0])
            .ToList();
        return PlotScale.ForErrors(values.Min(), values.Max(), from, to, 64);
    }

    private void DrawFrame(HtmlWriter html, PlotScale scale, double height)
    {
        var (low, high) = (scale.At(bandLow), scale.At(bandHigh));
        html.Element("text", axisTitle, ("class", "axis"), ("x", Figures.At(scale.At(scale.Low))), ("y", "13"))
            .Empty("rect", ("class", "band"), ("x", Figures.At(low)), ("y", Figures.At(Top - 6)), ("width", Figures.At(high - low)), ("height", Figures.At(height - Top - Bottom + 10)));
        var grid = new StringBuilder();
        foreach (var tick in scale.Ticks)
        {
            var x = Figures.At(scale.At(tick));
            grid.Append('M').Append(x).Append(' ').Append(Figures.At(Top - 6)).Append('V').Append(Figures.At(height - Bottom + 4));
            var label = signed ? scale.SignedLabel(tick) : scale.Label(tick);
            html.Element("text", label, ("class", "tick mid"), ("x", x), ("y", Figures.At(Top - 12)))
                .Element("text", label, ("class", "tick mid"), ("x", x), ("y", Figures.At(height - Bottom + 19)));
        }

        html.Empty("path", ("class", "grid"), ("d", grid.ToString()))
            .Empty("path", ("class", "zero"), ("d", $"M{Figures.At(scale.At(0))} {Figures.At(Top - 6)}V{Figures.At(height - Bottom + 4)}"));
    }

    private static void DrawRow(
        HtmlWriter html, PlotRow row, PlotScale scale, double top, double height, bool beside, int fits, MarkPaths paths)
    {
        if (row.Heading)
        {
            // Bold letters are wider.
            html.Element("text", Shorten(row.Label, (int)(fits * 0.86)), ("class", "heading halo"), ("x", "4"), ("y", Figures.At(top + 18)));
            return;
        }

        html.Empty("path", ("class", "rule"), ("d", $"M4 {Figures.At(top)}H{Figures.At(scale.At(scale.High))}"));
        var middle = top + (height / 2);
        html.Element("text", Shorten(row.Label, fits), ("class", "label halo"), ("x", "4"), ("y", Figures.At(beside ? middle + 4 : top + 15)));
        var lanes = beside ? top : top + LabelHeight;
        var centre = beside ? middle : top + LabelHeight + ((height - LabelHeight) / 2);
        if (row.Marks.Count == 0 && row.Note is { } note)
            html.Element("text", Shorten(note, fits), ("class", "note halo"), ("x", Figures.At(beside ? scale.At(scale.Low) + 4 : 4)), ("y", Figures.At(centre + 4)));
        var y = centre - ((row.Marks.Count - 1) * row.Pitch / 2);
        foreach (var mark in row.Marks)
        {
            if (mark.Words is { } words)
                html.Element("text", Shorten(words, Math.Max(12, (int)((scale.At(scale.High) - scale.At(scale.Low)) / CharacterWidth))), ("class", "note halo"), ("x", Figures.At(scale.At(scale.Low) + 4)), ("y", Figures.At(y + 4)));
            else
                paths.Add(mark, scale, Math.Max(y, lanes), Math.Clamp(row.Pitch / 2.6, 1.2, 4.2));
            y += row.Pitch;
        }
    }

    private static string Shorten(string text, int fits) => text.Length <= fits ? text : string.Concat(text.AsSpan(0, fits - 1), "…");

    /// <summary>All marks of a style in one path each, so that ten thousand runs stay a small file.</summary>
    private sealed class MarkPaths
    {
        private readonly SortedDictionary<(int Style, bool Hollow, bool Small), (StringBuilder Bars, StringBuilder Inner, StringBuilder Dots)> _paths = [];

        public void Add(RowMark mark, PlotScale scale, double y, double radius)
        {
            if (!double.IsFinite(mark.Value))
                return;
            // Of dense small marks an outline would hide the marks themselves.
            var key = (mark.Style, mark.Hollow, radius < 3);
            if (!_paths.TryGetValue(key, out var path))
                _paths[key] = path = (new(), new(), new());
            Bar(path.Bars, scale, mark.Low, mark.High, y, Math.Min(radius, 3));
            Bar(path.Inner, scale, mark.InnerLow, mark.InnerHigh, y, 0);
            Palette.Marker(path.Dots, mark.Style, scale.At(mark.Value), y, radius);
        }

        public void Write(HtmlWriter html)
        {
            foreach (var ((style, hollow, small), (bars, inner, dots)) in _paths)
            {
                var colour = Palette.ColourOf(style);
                if (bars.Length > 0)
                    html.Empty("path", ("class", colour + " bar"), ("d", bars.ToString()));
                if (inner.Length > 0)
                    html.Empty("path", ("class", colour + " inner"), ("d", inner.ToString()));
                html.Empty("path", ("class", colour + (hollow ? " dot hollow" : small ? " dot small" : " dot")), ("d", dots.ToString()));
            }
        }

        private static void Bar(StringBuilder path, PlotScale scale, double? low, double? high, double y, double cap)
        {
            if (low is not { } from || high is not { } to || !double.IsFinite(from) || !double.IsFinite(to))
                return;
            var (x0, x1) = (Figures.At(scale.At(from)), Figures.At(scale.At(to)));
            path.Append('M').Append(x0).Append(' ').Append(Figures.At(y)).Append('H').Append(x1);
            if (cap > 0)
            {
                foreach (var x in (string[])[x0, x1])
                    path.Append('M').Append(x).Append(' ').Append(Figures.At(y - cap)).Append('v').Append(Figures.At(2 * cap));
            }
        }
    }
}
