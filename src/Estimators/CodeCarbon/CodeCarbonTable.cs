using MeterLab.Estimators.Csv;
using MeterLab.Measurement;

using Column = MeterLab.Estimators.CodeCarbon.CodeCarbonColumns;

namespace MeterLab.Estimators.CodeCarbon;

/// <summary>Turns one CSV file of CodeCarbon into records, by header name, repairing what can be repaired and saying what cannot.</summary>
internal sealed class CodeCarbonTable(string file, CsvTable table)
{
    /// <summary>What keeps a table from being CodeCarbon's, in words; null where it is.</summary>
    public static string? WhyNot(CsvTable? table)
    {
        if (table is null)
            return "it is empty";
        if (table.HeaderDefect is { } defect)
            return defect;
        var missing = Column.Required.Where(column => table.IndexOf(column) < 0).ToArray();
        return missing.Length == 0 ? null : $"its header lacks {string.Join(", ", missing)}";
    }

    /// <summary>The rows in the order of the file.</summary>
    public IReadOnlyList<CodeCarbonRecord> Read() => [.. table.Rows.Select(Read)];

    private CodeCarbonRecord Read(CsvRow row)
    {
        var surplus = row.Fields.Count - table.Header.Count;
        if (row.Defect is { } defect)
            return Damaged(row, $"is no CSV row: {defect}");
        if (surplus < 0 && !row.Ended)
            return Damaged(row, $"ends after {row.Fields.Count} of {table.Header.Count} fields without a line end: the file was cut off");
        if (surplus > 0)
            return Damaged(row, $"is {Fields(surplus)} longer than the header");
        if (surplus < 0)
            return ReadShort(row, -surplus);

        return Bounded(row, Build(row, row.Fields, Column.Required, []));
    }

    // 3.2.9 and 3.3.0 write such rows; anything else that is too short fails the test of the fields.
    private CodeCarbonRecord ReadShort(CsvRow row, int missing)
    {
        if (ShortRow.Repair(table, row.Fields) is { } repair)
        {
            var version = Field(repair.Fields, Column.Version);
            return Build(row, repair.Fields, Column.Required, [new Finding("short-row", Severity.Warning,
                $"codecarbon {version ?? "of unknown version"} row short by {Fields(missing)}, repaired: {string.Join(", ", repair.Missing)} put back empty ({At(row)})")]);
        }

        return ShortRow.EndsAreSafe(table, row.Fields)
            ? Build(row, ShortRow.Stretch(table, row.Fields), [.. Column.Required.Except([Column.Mode])], [new Finding("short-row", Severity.Warning,
                $"codecarbon row short by {Fields(missing)}, not repairable; duration, energy and PUE are safe by position ({At(row)})")])
            : Damaged(row, $"is short by {Fields(missing)} and cannot be repaired");
    }

    // A last row without a line end is whole only if its last field is: a PUE of "1." or "1" was cut, Python writes "1.0".
    private CodeCarbonRecord Bounded(CsvRow row, CodeCarbonRecord record)
    {
        if (row.Ended)
            return record;
        var last = row.Fields[^1];
        var whole = table.Header[^1] switch
        {
            Column.Pue => last.Contains('.', StringComparison.Ordinal) && !last.EndsWith('.'),
            Column.OnCloud => last is "Y" or "N",
            var column => Column.Accepts(column, last),
        };
        return whole
            ? record with
            {
                Findings = [.. record.Findings, new Finding("no-line-end", Severity.Warning,
                    $"the last row has no line end; its last field, {table.Header[^1]} {last}, may be cut short ({At(row)})")],
            }
            : Damaged(row, $"has no line end and a last field that was cut off: '{last}'");
    }

    private CodeCarbonRecord Damaged(CsvRow row, string why)
    {
        // The fields before the last one of a cut row are whole; of those, only identities are kept. An energy never is.
        IReadOnlyList<string> whole = row.Fields.Count < table.Header.Count && !row.Ended ? [.. row.Fields.SkipLast(1)] : row.Fields;
        return new CodeCarbonRecord
        {
            Place = At(row),
            Task = table.IndexOf(Column.Task) >= 0 ? Field(whole, Column.Task) ?? "" : null,
            Project = Field(whole, Column.Project),
            RunId = Field(whole, Column.RunId),
            Timestamp = Field(whole, Column.Timestamp) is { } time && Column.Time(time) is not null ? time : null,
            Findings = [new Finding("damaged-row", Severity.Invalid, $"the row at {At(row)} {why}; its energy is not used")],
        };
    }

    private CodeCarbonRecord Build(CsvRow row, IReadOnlyList<string> fields, IEnumerable<string> required, IReadOnlyList<Finding> findings)
    {
        var wrong = required.Where(column => !Column.Accepts(column, Field(fields, column) ?? "")).ToArray();
        if (wrong.Length > 0)
        {
            findings = [.. findings, new Finding("damaged-row", Severity.Invalid,
                $"the row at {At(row)} has no usable {string.Join(", ", wrong)}; its energy is not used")];
        }

        return new CodeCarbonRecord
        {
            Place = At(row),
            Task = table.IndexOf(Column.Task) >= 0 ? Field(fields, Column.Task) ?? "" : null,
            Project = Field(fields, Column.Project),
            RunId = Field(fields, Column.RunId),
            Timestamp = wrong.Contains(Column.Timestamp) ? null : Field(fields, Column.Timestamp),
            Version = Field(fields, Column.Version),
            Mode = Field(fields, Column.Mode),
            DurationS = Number(fields, Column.Duration),
            EmissionsKg = Number(fields, Column.Emissions),
            EmissionsRate = Number(fields, Column.EmissionsRate),
            CpuPowerW = Number(fields, Column.CpuPower),
            RamPowerW = Number(fields, Column.RamPower),
            CpuKwh = Number(fields, Column.CpuEnergy),
            GpuKwh = Number(fields, Column.GpuEnergy),
            RamKwh = Number(fields, Column.RamEnergy),
            TotalKwh = Number(fields, Column.Energy),
            GpuCount = Number(fields, Column.GpuCount),
            Processors = [.. new[] { Field(fields, Column.CpuModel), Field(fields, Column.GpuModel) }.OfType<string>()],
            Pue = table.IndexOf(Column.Pue) < 0 ? null : Number(fields, Column.Pue) ?? double.NaN,
            EnergySafe = wrong.Length == 0,
            Findings = findings,
        };
    }

    private string? Field(IReadOnlyList<string> fields, string column)
    {
        var index = table.IndexOf(column);
        return index >= 0 && index < fields.Count && fields[index].Length > 0 ? fields[index] : null;
    }

    private double? Number(IReadOnlyList<string> fields, string column) =>
        Field(fields, column) is { } field ? Column.Number(field) : null;

    private string At(CsvRow row) => $"{file}:{row.Line}";

    private static string Fields(int count) => count == 1 ? "1 field" : $"{count} fields";
}
