namespace MeterLab.Cli.Rendering.Html;

/// <summary>A section of a document.</summary>
/// <param name="Id">Unique in the document: the target of its entry in the contents.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Write">Writes what stands below the heading.</param>
internal sealed record DocumentSection(string Id, string Title, Action Write);

/// <summary>What every report has around its sections: landmarks, contents, and a way past them for the keyboard.</summary>
internal static class DocumentFrame
{
    /// <summary>Writes the whole document.</summary>
    public static void Write(HtmlWriter html, string title, Action writeHeader, IReadOnlyList<DocumentSection> sections, string footer)
    {
        html.Doctype().Open("html", ("lang", "en"));
        DocumentHead.Write(html, title);
        html.Open("body").Element("a", "Skip to the results", ("class", "skip"), ("href", "#" + sections[0].Id));
        writeHeader();
        html.Open("nav", ("aria-label", "Contents")).Open("ol");
        foreach (var section in sections)
            html.Open("li").Element("a", section.Title, ("href", "#" + section.Id)).Close();
        html.Close().Close().Open("main");
        foreach (var section in sections)
        {
            html.Open("section", ("id", section.Id), ("aria-labelledby", section.Id + "-heading"))
                .Element("h2", section.Title, ("id", section.Id + "-heading"));
            section.Write();
            html.Close();
        }

        html.Close().Open("footer").Element("p", footer).Close();
        html.Close().Close();
    }
}
