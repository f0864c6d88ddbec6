using MeterLab.Cli.Rendering.Html.Plots;

namespace MeterLab.Cli.Rendering.Html;

/// <summary>What a figure says in words, for those who do not see it.</summary>
/// <param name="Id">Unique in the document.</param>
/// <param name="Title">What it shows, one line.</param>
/// <param name="Description">What is to be seen in it, with figures.</param>
internal sealed record FigureText(string Id, string Title, string Description);

/// <summary>Writes a figure: title, key, drawing with its text alternative, and the numbers behind it.</summary>
internal static class FigureWriter
{
    /// <param name="html">Where to.</param>
    /// <param name="text">The words.</param>
    /// <param name="key">The entries of the key; empty where nothing needs one.</param>
    /// <param name="drawings">One drawing, or one for wide and one for narrow screens.</param>
    /// <param name="table">Writes the table with the numbers.</param>
    public static void Write(
        HtmlWriter html, FigureText text, IReadOnlyList<KeyEntry> key, IReadOnlyList<Drawing> drawings, Action<HtmlWriter> table)
    {
        html.Open("figure", ("id", text.Id)).Element("figcaption", text.Title);
        if (key.Count > 0)
            Key.Write(html, key);
        for (var i = 0; i < drawings.Count; i++)
            Draw(html, $"{text.Id}-{Figures.Whole(i + 1)}", text, drawings[i]);
        html.Open("details").Element("summary", "The numbers behind this figure");
        table(html);
        html.Close().Close();
    }

    private static void Draw(HtmlWriter html, string id, FigureText text, Drawing drawing)
    {
        html.Open(
                "svg", ("role", "img"), ("class", drawing.CssClass), ("aria-labelledby", $"{id}-title"), ("aria-describedby", $"{id}-desc"),
                ("viewBox", $"0 0 {Figures.At(drawing.Width)} {Figures.At(drawing.Height)}"),
                ("width", Figures.At(drawing.Width)), ("height", Figures.At(drawing.Height)))
            .Element("title", text.Title, ("id", $"{id}-title"))
            .Element("desc", text.Description, ("id", $"{id}-desc"));
        drawing.Draw(html);
        html.Close();
    }
}
