using System.Globalization;

namespace MeterLab.Estimators.Csv;

/// <summary>A row under its header, with what is wrong with it in words.</summary>
/// <param name="Place">File and line.</param>
/// <param name="Damage">What keeps the row from being used; null where nothing does.</param>
internal sealed record CsvRecord(CsvTable Table, CsvRow Row, string Place, string? Damage)
{
    /// <summary>The rows of a file. A last row without a line end is damaged where a field is missing; its last field may be cut short besides.</summary>
    public static IReadOnlyList<CsvRecord> Of(string file, CsvTable table) => [.. table.Rows.Select(row => new CsvRecord(table, row, $"{file}:{row.Line}", Why(table, row)))];

    /// <summary>Whether the last field may have been cut short.</summary>
    public bool LastFieldDoubtful => !Row.Ended;

    /// <summary>A field; null where the column is missing or the field empty.</summary>
    public string? Text(string column) => Text(Table.IndexOf(column));

    /// <summary>A field by the position of its column.</summary>
    public string? Text(int index) =>
        index >= 0 && index < Row.Fields.Count && Row.Fields[index].Trim() is { Length: > 0 } text ? text : null;

    /// <summary>A finite number; null where there is none. The last field of a row without a line end is none.</summary>
    public double? Number(string column) => Number(Table.IndexOf(column));

    /// <summary>A finite number by the position of its column.</summary>
    public double? Number(int index) =>
        !(LastFieldDoubtful && index == Row.Fields.Count - 1) && Text(index) is { } text
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : null;

    private static string? Why(CsvTable table, CsvRow row) => (row.Fields.Count - table.Header.Count) switch
    {
        _ when row.Defect is { } defect => $"is no CSV row: {defect}{(row.Ended ? "" : ", and no line end: the file was cut off")}",
        < 0 when !row.Ended => $"ends after {row.Fields.Count} of {table.Header.Count} fields without a line end: the file was cut off",
        < 0 => $"has {row.Fields.Count} of {table.Header.Count} fields",
        > 0 => $"has {row.Fields.Count} fields under a header of {table.Header.Count}",
        _ => null,
    };
}
