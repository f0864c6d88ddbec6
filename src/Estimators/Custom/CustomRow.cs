using System.Globalization;
using System.Text;
using System.Text.Json;

using MeterLab.Estimators.Csv;
using MeterLab.Estimators.Text;

namespace MeterLab.Estimators.Custom;

/// <summary>One row of a file in any of the formats: values by their field.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Damage">What keeps it from being used; null where nothing does.</param>
/// <param name="Text">The text of a field; null where there is none.</param>
internal sealed record CustomRow(string Place, string? Damage, Func<CustomField, string?> Text)
{
    /// <summary>A finite number in SI units; null where there is none.</summary>
    public double? Number(CustomField? field) =>
        field is not null && Text(field) is { } text && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value * field.Factor
            : null;

    /// <summary>The rows of a file. Throws <see cref="Measurement.ConfigurationException"/> where it does not have the format.</summary>
    public static IReadOnlyList<CustomRow> Read(CustomDefinition definition, EstimatorFile file, IReadOnlyList<string> columns) => definition.Format switch
    {
        CustomFormat.Csv => [.. TableFiles.Open(definition.Name, definition.File, [file], columns, [], definition.Separator)
            .SelectMany(table => CsvRecord.Of(table.Path, table.Table)).Select(OfRecord)],
        CustomFormat.JsonLines => [.. JsonLines.Read(file.Content).Select(line => line.Object is { } value
            ? OfElement($"{file.Path}:{line.Number}", value)
            : new CustomRow($"{file.Path}:{line.Number}", line.Ended ? "is no JSON object" : "ends inside a JSON object: the file was cut off", _ => null))],
        _ => ReadDocument(definition, file),
    };

    private static CustomRow OfRecord(CsvRecord record) => new(
        record.Place, record.Damage, field => record.LastFieldDoubtful && record.Table.IndexOf(field.Name) == record.Row.Fields.Count - 1 ? null : record.Text(field.Name));

    private static CustomRow OfElement(string place, JsonElement element) => new(place, null, field => JsonPath.Find(element, field.Name) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    });

    private static IReadOnlyList<CustomRow> ReadDocument(CustomDefinition definition, EstimatorFile file)
    {
        JsonElement root;
        try
        {
            using var document = JsonDocument.Parse(Encoding.UTF8.GetString(file.Content.Span).TrimStart('\uFEFF'));
            root = document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new Measurement.ConfigurationException($"this is no output of {definition.Name}: it is no whole JSON document (line {(e.LineNumber ?? 0) + 1}): the file was cut off or is another one", file.Path, inner: e);
        }

        if (definition.Each is not { } each)
            return [OfElement(file.Path, root)];
        return JsonPath.Find(root, each) is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray().Select((item, i) => OfElement($"{file.Path}, {each}[{i}]", item))]
            : throw new Measurement.ConfigurationException($"this is no output of {definition.Name}: there is no list at '{each}'", file.Path);
    }
}
