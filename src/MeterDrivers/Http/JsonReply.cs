using System.Text.Json;

using MeterLab.MeterDrivers.Fields;

namespace MeterLab.MeterDrivers.Http;

/// <summary>An answer in JSON. One document, nothing behind it, at most 32 levels deep.</summary>
internal sealed class JsonReply : IDisposable
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32 };

    private readonly JsonDocument _document;

    private JsonReply(JsonDocument document) => _document = document;

    /// <summary>Reads an answer; the bytes must stay as they are as long as it is used. Null where they are not JSON.</summary>
    public static JsonReply? Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return new JsonReply(JsonDocument.Parse(bytes, Strict));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether there is a number (or a null, which stands for one) at this place.</summary>
    public bool Has(JsonPath path) => path.TryFind(_document.RootElement, out var found) && found.ValueKind is JsonValueKind.Number or JsonValueKind.Null;

    /// <summary>The number at this place; no value where there is a null or nothing. A text is never taken for a number.</summary>
    public FieldCode Number(JsonPath path, IReadOnlyList<double> notAvailable) =>
        path.TryFind(_document.RootElement, out var found) && found.ValueKind == JsonValueKind.Number && found.TryGetDouble(out var number)
            ? FieldCode.Of(number, notAvailable)
            : FieldCode.None;

    /// <summary>What stands at this place as text; null where there is nothing.</summary>
    public string? Text(JsonPath path)
    {
        if (!path.TryFind(_document.RootElement, out var found))
            return null;
        return found.ValueKind switch
        {
            JsonValueKind.String => TextOf(found),
            JsonValueKind.Number => found.GetRawText(),
            _ => null,
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _document.Dispose();

    // A text may hold half a surrogate pair, which is found out only when it is read.
    private static string? TextOf(JsonElement element)
    {
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
