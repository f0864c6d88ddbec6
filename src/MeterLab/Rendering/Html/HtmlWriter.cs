using System.Buffers;
using System.Text;

namespace MeterLab.Cli.Rendering.Html;

/// <summary>
/// Writes HTML that is well-formed XML as well: every value is escaped, every element closed. There is no way to write raw
/// text from outside, so a workload called <c>&lt;b&gt;</c> comes out as text.
/// </summary>
internal sealed class HtmlWriter
{
    private static readonly SearchValues<char> Special = SearchValues.Create(
        [.. "&<>\"'", .. Range('\u0000', '\u001f'), .. Range('\u007f', '\u009f'), .. Range('\ud800', '\udfff'), '\ufffe', '\uffff']);

    private readonly StringBuilder _text = new();
    private readonly Stack<string> _open = new();

    /// <summary>Starts a document of the current HTML.</summary>
    public HtmlWriter Doctype()
    {
        _text.Append("<!DOCTYPE html>\n");
        return this;
    }

    /// <summary>Opens an element; an attribute whose value is null is left out.</summary>
    public HtmlWriter Open(string tag, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Tag(tag, attributes);
        _text.Append('>');
        _open.Push(tag);
        return this;
    }

    /// <summary>Closes the innermost element.</summary>
    public HtmlWriter Close()
    {
        var tag = _open.Pop();
        _text.Append("</").Append(tag).Append('>');
        if (tag is "tr" or "p" or "section" or "figure" or "table" or "svg" or "h1" or "h2" or "h3" or "li" or "div")
            _text.Append('\n');
        return this;
    }

    /// <summary>Writes an element without content.</summary>
    public HtmlWriter Empty(string tag, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Tag(tag, attributes);
        _text.Append("/>");
        return this;
    }

    /// <summary>Writes text.</summary>
    public HtmlWriter Text(string? text)
    {
        Escape(text);
        return this;
    }

    /// <summary>Writes an element that holds only text.</summary>
    public HtmlWriter Element(string tag, string? text, params ReadOnlySpan<(string Name, string? Value)> attributes) =>
        Open(tag, attributes).Text(text).Close();

    /// <summary>Writes the style sheet, the one text that is not escaped; it is the program's own constant.</summary>
    public HtmlWriter Style()
    {
        _text.Append("<style>\n").Append(ReportCss.Text).Append("</style>\n");
        return this;
    }

    /// <summary>The document.</summary>
    /// <exception cref="InvalidOperationException">An element is still open.</exception>
    public override string ToString() => _open.Count == 0
        ? _text.ToString()
        : throw new InvalidOperationException($"The element {_open.Peek()} is not closed.");

    private void Tag(string tag, ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        _text.Append('<').Append(tag);
        foreach (var (name, value) in attributes)
        {
            if (value is null)
                continue;
            _text.Append(' ').Append(name).Append("=\"");
            Escape(value);
            _text.Append('"');
        }
    }

    private void Escape(string? text)
    {
        if (text.AsSpan().IndexOfAny(Special) < 0)
        {
            _text.Append(text);
            return;
        }

        for (var i = 0; i < (text?.Length ?? 0); i++)
        {
            var c = text![i];
            _ = c switch
            {
                '&' => _text.Append("&amp;"),
                '<' => _text.Append("&lt;"),
                '>' => _text.Append("&gt;"),
                '"' => _text.Append("&quot;"),
                '\'' => _text.Append("&#39;"),
                '\t' or '\n' => _text.Append(c),
                < ' ' or (>= '\u007f' and <= '\u009f') or '\ufffe' or '\uffff' => _text.Append('\ufffd'),
                _ when char.IsSurrogate(c) => _text.Append(PairAt(text, ref i)),
                _ => _text.Append(c),
            };
        }
    }

    private static IEnumerable<char> Range(char first, char last) => Enumerable.Range(first, last - first + 1).Select(c => (char)c);

    // Half a surrogate pair is no character: it would make the whole file unreadable for a strict reader.
    private static string PairAt(string text, ref int i)
    {
        if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
            return text.Substring(i++, 2);
        return "\ufffd";
    }
}
