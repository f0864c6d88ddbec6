using System.Text.Json;

namespace MeterLab.Estimators.Text;

/// <summary>Takes the whole objects out of a JSON array that may have been left open.</summary>
internal static class JsonObjects
{
    /// <summary>
    /// The outermost objects that are whole, and whether the text is a complete document. A text that is one object gives that object; an
    /// object that was cut off is left out.
    /// </summary>
    public static (IReadOnlyList<JsonElement> Objects, bool Complete) Scan(string text)
    {
        var objects = new List<JsonElement>();
        var (depth, start, quoted) = (0, -1, false);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quoted)
            {
                if (c == '\\')
                    i++;
                else if (c == '"')
                    quoted = false;
            }
            else if (c == '"')
            {
                quoted = true;
            }
            else if (c == '{' && depth++ == 0)
            {
                start = i;
            }
            else if (c == '}' && depth > 0 && --depth == 0 && JsonLines.TryParse(text[start..(i + 1)]) is { } value)
            {
                objects.Add(value);
            }
        }

        return (objects, IsDocument(text));
    }

    private static bool IsDocument(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
