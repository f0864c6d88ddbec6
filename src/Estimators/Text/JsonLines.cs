using System.Text;
using System.Text.Json;

namespace MeterLab.Estimators.Text;

/// <summary>One line of a file that holds a JSON object a line.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Object">The object; null where the line is none.</param>
/// <param name="Ended">Whether a line end follows.</param>
internal sealed record JsonLine(int Number, JsonElement? Object, bool Ended);

/// <summary>Reads files that hold a JSON object a line; what is no object is reported, not skipped.</summary>
internal static class JsonLines
{
    /// <summary>The lines that are not blank.</summary>
    public static IEnumerable<JsonLine> Read(ReadOnlyMemory<byte> utf8)
    {
        var text = Encoding.UTF8.GetString(utf8.Span).TrimStart('\uFEFF');
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (!string.IsNullOrWhiteSpace(lines[i]))
                yield return new JsonLine(i + 1, TryParse(lines[i]), i < lines.Length - 1);
        }
    }

    /// <summary>The object that a text is; null where it is none.</summary>
    public static JsonElement? TryParse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
