using System.Globalization;
using System.Text.Json;

namespace MeterLab.MeterDrivers.Http;

/// <summary>A place in a JSON document: names with dots and numbers in brackets, <c>emeters[0].power</c>.</summary>
internal sealed class JsonPath
{
    private readonly (string? Name, int Index)[] _steps;

    private JsonPath(string text, (string? Name, int Index)[] steps)
    {
        Text = text;
        _steps = steps;
    }

    /// <summary>As it is written.</summary>
    public string Text { get; }

    /// <summary>Reads a place; false for anything else.</summary>
    public static bool TryParse(string text, out JsonPath? path)
    {
        path = null;
        var steps = new List<(string?, int)>();
        foreach (var part in text.Split('.'))
        {
            var bracket = part.IndexOf('[', StringComparison.Ordinal);
            var name = bracket < 0 ? part : part[..bracket];
            if (name.Length == 0 && (steps.Count > 0 || bracket != 0))
                return false;
            if (name.Length > 0)
                steps.Add((name, 0));
            if (bracket >= 0 && !AddIndices(part[bracket..], steps))
                return false;
        }

        path = new JsonPath(text, [.. steps]);
        return true;
    }

    /// <summary>Reads what is known to be right.</summary>
    public static JsonPath Parse(string text) =>
        TryParse(text, out var path) ? path! : throw new ArgumentException($"'{text}' is no place in JSON.", nameof(text));

    /// <summary>The element at this place; false where the document has none.</summary>
    public bool TryFind(JsonElement root, out JsonElement found)
    {
        found = root;
        foreach (var (name, index) in _steps)
        {
            if (name is not null)
            {
                if (found.ValueKind != JsonValueKind.Object || !TryProperty(found, name, out found))
                    return false;
            }
            else if (found.ValueKind != JsonValueKind.Array || index >= found.GetArrayLength())
            {
                return false;
            }
            else
            {
                found = found[index];
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    // A key may hold half a surrogate pair, which is found out only when it is compared.
    private static bool TryProperty(JsonElement element, string name, out JsonElement found)
    {
        try
        {
            return element.TryGetProperty(name, out found);
        }
        catch (InvalidOperationException)
        {
            found = default;
            return false;
        }
    }

    private static bool AddIndices(string text, List<(string?, int)> steps)
    {
        while (text.Length > 0)
        {
            var end = text.IndexOf(']', StringComparison.Ordinal);
            if (text[0] != '[' || end < 2 || !int.TryParse(text.AsSpan(1, end - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
                return false;
            steps.Add((null, index));
            text = text[(end + 1)..];
        }

        return true;
    }
}
