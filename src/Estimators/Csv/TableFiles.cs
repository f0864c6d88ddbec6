using MeterLab.Measurement;

namespace MeterLab.Estimators.Csv;

/// <summary>Finds the tables of an estimator among the files of its folder.</summary>
internal static class TableFiles
{
    /// <summary>
    /// The files whose header has all columns, in their order. Throws <see cref="ConfigurationException"/> with the reason where there is
    /// none. <paramref name="wanted"/> names the file for messages; files with the extension of a table that are none of its are findings.
    /// </summary>
    public static IReadOnlyList<(string Path, CsvTable Table)> Open(
        string estimator, string wanted, IReadOnlyList<EstimatorFile> files, IReadOnlyList<string> columns, List<Finding> findings, char separator = ',')
    {
        var tables = new List<(string, CsvTable)>();
        var refusals = new List<string>();
        foreach (var file in files)
        {
            var table = CsvTable.Parse(file.Content.Span, separator);
            if (WhyNot(table, columns) is { } why)
            {
                if (files.Count == 1 || IsTable(file.Path))
                    refusals.Add($"{file.Path}: {why}");
            }
            else
            {
                tables.Add((file.Path, table!));
            }
        }

        if (tables.Count == 0)
            throw new ConfigurationException(Refusal(estimator, wanted, files, refusals), files is [var only] ? only.Path : null);
        findings.AddRange(refusals.Select(refusal => new Finding("unknown-file", Severity.Warning, $"not read as {estimator}'s: {refusal}")));
        return tables;
    }

    /// <summary>Why no file is an estimator's, in words.</summary>
    public static string Refusal(string estimator, string wanted, IReadOnlyList<EstimatorFile> files, IReadOnlyList<string> refusals) => files.Count switch
    {
        0 => $"{estimator} left no file here; its {wanted} is wanted",
        _ when refusals.Count == 0 => $"no file here is {estimator}'s; its {wanted} is wanted",
        _ => $"this is no output of {estimator}: {string.Join("; ", refusals.Take(3))}",
    };

    private static string? WhyNot(CsvTable? table, IReadOnlyList<string> columns)
    {
        if (table is null)
            return "it is empty";
        if (table.HeaderDefect is { } defect)
            return defect;
        var missing = columns.Where(column => table.IndexOf(column) < 0).ToArray();
        return missing.Length == 0 ? null : $"its header lacks {string.Join(", ", missing)}";
    }

    private static bool IsTable(string path) =>
        path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase);
}
