using System.Text;

namespace MeterLab.Cli.Rendering.Html.Plots;

/// <summary>What the swatch of a key entry shows.</summary>
internal enum Swatch
{
    Marker,
    HollowMarker,
    Line,
    Trace,
    Window,
    Band,
    Identity,
    Floor,
}

/// <summary>One entry of a figure's key.</summary>
internal sealed record KeyEntry(Swatch Swatch, int Style, string Label);

/// <summary>Writes a key as a list beside the drawing: it wraps like text, so that its labels never collide.</summary>
internal static class Key
{
    public static void Write(HtmlWriter html, IReadOnlyList<KeyEntry> entries)
    {
        html.Open("ul", ("class", "key"));
        foreach (var entry in entries)
        {
            html.Open("li").Open("svg", ("class", "swatch"), ("viewBox", "0 0 28 14"), ("width", "28"), ("height", "14"), ("aria-hidden", "true"));
            Draw(html, entry);
            html.Close().Element("span", entry.Label).Close();
        }

        html.Close();
    }

    private static void Draw(HtmlWriter html, KeyEntry entry)
    {
        var colour = Palette.ColourOf(entry.Style);
        switch (entry.Swatch)
        {
            case Swatch.Marker or Swatch.HollowMarker:
                var path = new StringBuilder();
                Palette.Marker(path, entry.Style, 14, 7, 4.5);
                html.Empty("path", ("class", colour + (entry.Swatch == Swatch.Marker ? " dot" : " dot hollow")), ("d", path.ToString()));
                break;
            case Swatch.Line:
                html.Empty("path", ("class", colour + " mean"), ("d", "M1 7h26"), ("stroke-dasharray", Palette.DashOf(entry.Style)));
                break;
            case Swatch.Trace:
                html.Empty("path", ("class", "trace"), ("d", "M1 10l5-1 3-6 4 2 4-2 3 6 7 1"));
                break;
            case Swatch.Identity:
                html.Empty("path", ("class", "zero"), ("d", "M1 7h26"));
                break;
            case Swatch.Floor:
                html.Empty("path", ("class", colour + " inner"), ("d", "M1 7h26"));
                break;
            default:
                html.Empty("rect", ("class", entry.Swatch == Swatch.Window ? "window" : "band"), ("x", "1"), ("y", "1"), ("width", "26"), ("height", "12"));
                break;
        }
    }
}
