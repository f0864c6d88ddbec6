using System.Text.Json;

using MeterLab.Estimators.Csv;
using MeterLab.Estimators.Text;

namespace MeterLab.Estimators.CodeCarbon;

/// <summary>
/// What CodeCarbon's logger output (<c>save_to_logger</c>) leaves: a JSON object a line with the columns of the CSV, each the total so far.
/// It becomes a table, so that the same tests of the fields apply.
/// </summary>
internal static class CodeCarbonJsonLines
{
    /// <summary>The lines as a table; null where the file is none of that kind.</summary>
    public static CsvTable? TryRead(EstimatorFile file)
    {
        var lines = JsonLines.Read(file.Content).ToArray();
        if (lines.FirstOrDefault(line => line.Object is not null)?.Object is not { } first || !first.TryGetProperty(CodeCarbonColumns.RunId, out _))
            return null;
        string[] header = [.. first.EnumerateObject().Select(property => property.Name)];
        return new CsvTable(new CsvRow(0, header, true, null), [.. lines.Select(line => Row(line, header))]);
    }

    private static CsvRow Row(JsonLine line, string[] header) => line.Object is { } value
        ? new CsvRow(line.Number, [.. header.Select(name => value.TryGetProperty(name, out var field) ? Text(field) : "")], true, null)
        : new CsvRow(line.Number, [], line.Ended, line.Ended ? "it is no JSON object" : "it ends inside a JSON object: the file was cut off");

    private static string Text(JsonElement field) => field.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.String => field.GetString()!,
        _ => field.GetRawText(),
    };
}
