namespace MeterLab.Cli.Rendering.Html;

/// <summary>A column's head; numbers stand on the right.</summary>
internal sealed record Column(string Header, bool Numeric = false);

/// <summary>Writes tables that a screen reader can walk: caption, scopes, and a region that the keyboard can scroll.</summary>
internal static class TableWriter
{
    /// <summary>A table of texts; the first cell of each row is its head.</summary>
    public static void Write(HtmlWriter html, string id, string caption, IReadOnlyList<Column> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        Open(html, id, caption, columns);
        html.Open("tbody");
        foreach (var row in rows)
        {
            html.Open("tr").Element("th", row[0], ("scope", "row"));
            for (var i = 1; i < row.Count; i++)
                Cell(html, row[i], columns[i].Numeric);
            html.Close();
        }

        html.Close();
        Close(html);
    }

    /// <summary>Everything up to the first body.</summary>
    public static void Open(HtmlWriter html, string id, string caption, IReadOnlyList<Column> columns)
    {
        var captionId = id + "-caption";
        html.Open("div", ("class", "scroll"), ("role", "region"), ("aria-labelledby", captionId), ("tabindex", "0"))
            .Open("table", ("id", id)).Element("caption", caption, ("id", captionId)).Open("thead").Open("tr");
        foreach (var column in columns)
            html.Element("th", column.Header, ("scope", "col"), ("class", column.Numeric ? "n" : null));
        html.Close().Close();
    }

    /// <summary>Ends what <see cref="Open"/> began.</summary>
    public static void Close(HtmlWriter html) => html.Close().Close();

    /// <summary>One cell.</summary>
    public static void Cell(HtmlWriter html, string text, bool numeric = false) =>
        html.Element("td", text, ("class", numeric ? "n" : null));
}
