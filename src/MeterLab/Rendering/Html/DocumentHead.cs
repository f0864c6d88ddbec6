namespace MeterLab.Cli.Rendering.Html;

/// <summary>The head of every document: its policy forbids all that a self-contained file has no need of, scripts included.</summary>
internal static class DocumentHead
{
    public static void Write(HtmlWriter html, string title) => html.Open("head")
        .Empty("meta", ("charset", "utf-8"))
        .Empty("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"))
        .Empty("meta", ("http-equiv", "Content-Security-Policy"), ("content", "default-src 'none'; style-src 'unsafe-inline'; img-src data:"))
        .Empty("meta", ("name", "color-scheme"), ("content", "light dark"))
        .Empty("link", ("rel", "icon"), ("href", "data:,"))
        .Element("title", title)
        .Style()
        .Close();
}
