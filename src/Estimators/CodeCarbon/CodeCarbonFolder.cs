using MeterLab.Estimators.Csv;
using MeterLab.Measurement;

namespace MeterLab.Estimators.CodeCarbon;

/// <summary>
/// All that a tracker left in its folder: <c>emissions.csv</c> under whatever name, task files, files set aside as <c>.bak</c> when the
/// header changed, console logs. A single file is taken for the CSV whatever it is called.
/// </summary>
internal sealed class CodeCarbonFolder
{
    private CodeCarbonFolder(IReadOnlyList<CodeCarbonRecord> records, IReadOnlyList<CodeCarbonLog> logs, IReadOnlyList<Finding> findings)
    {
        Records = records;
        Logs = logs;
        Findings = findings;
    }

    /// <summary>The rows of all files, in the order of the files.</summary>
    public IReadOnlyList<CodeCarbonRecord> Records { get; }

    /// <summary>The console logs.</summary>
    public IReadOnlyList<CodeCarbonLog> Logs { get; }

    /// <summary>About the files as a whole.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>Opens the files; throws <see cref="ConfigurationException"/> where none of them can be CodeCarbon's.</summary>
    public static CodeCarbonFolder Open(IReadOnlyList<EstimatorFile> files)
    {
        var records = new List<CodeCarbonRecord>();
        var findings = new List<Finding>();
        var lines = files.Select(file => (file.Path, Table: CodeCarbonJsonLines.TryRead(file))).Where(file => file.Table is not null).ToArray();
        var logs = files.Where(file => !IsCsv(file.Path) && !Array.Exists(lines, other => other.Path == file.Path)).Select(CodeCarbonLog.TryRead).OfType<CodeCarbonLog>().ToArray();
        var tables = files.Where(file => IsCsv(file.Path) || (files.Count == 1 && logs.Length + lines.Length == 0)).ToArray();
        var refusals = new List<string>();
        foreach (var file in tables)
        {
            var table = CsvTable.Parse(file.Content.Span);
            if (CodeCarbonTable.WhyNot(table) is { } reason)
                refusals.Add($"{file.Path}: {reason}");
            else
                records.AddRange(Read(file.Path, table!, findings));
        }

        foreach (var (path, table) in lines)
            AddLines(path, table!, records, findings);
        if (refusals.Count == tables.Length && logs.Length + lines.Length == 0)
            throw new ConfigurationException(Refusal(files, refusals), tables is [var only] ? only.Path : null);
        findings.AddRange(refusals.Select(refusal => new Finding("unknown-file", Severity.Warning, $"not read as codecarbon's: {refusal}")));
        findings.AddRange(logs.SelectMany(log => log.Findings));
        findings.AddRange(CpuMode(logs));
        if (files.Any(file => Name(file.Path) == ".codecarbon.config"))
            findings.Add(new Finding("config-file", Severity.Note, "a .codecarbon.config lay beside the output: its settings count as much as the command's"));
        if (records.Count == 0)
            findings.Add(new Finding("no-row", Severity.Warning, NoRow(logs)));
        return new CodeCarbonFolder(records, logs, findings);
    }

    private static IReadOnlyList<CodeCarbonRecord> Read(string path, CsvTable table, List<Finding> findings)
    {
        var records = new CodeCarbonTable(path, table).Read();
        if (path.EndsWith(".bak", StringComparison.OrdinalIgnoreCase))
        {
            findings.Add(new Finding("header-change", Severity.Note,
                $"{path} was set aside by codecarbon because the columns changed, as between versions: it holds {records.Count} older rows"));
        }

        var places = new[] { CodeCarbonColumns.Longitude, CodeCarbonColumns.Latitude }.Select(table.IndexOf).Where(index => index >= 0).ToArray();
        if (table.Rows.Any(row => row.Fields.Count == table.Header.Count && places.Any(index => row.Fields[index].Length > 0)))
            findings.Add(new Finding("location", Severity.Note, $"{path} holds the machine's longitude and latitude; drop them before sharing the file"));
        return records;
    }

    // Every line is the total so far; where the CSV holds the same run, the lines add nothing to it.
    private static void AddLines(string path, CsvTable table, List<CodeCarbonRecord> records, List<Finding> findings)
    {
        var known = records.Select(record => record.RunId).ToHashSet();
        foreach (var tracker in new CodeCarbonTable(path, table).Read().GroupBy(record => record.RunId))
        {
            if (tracker.Key is null || !known.Contains(tracker.Key))
                records.AddRange(tracker);
            else
                findings.Add(new Finding("time-series", Severity.Note, $"{path} holds {tracker.Count()} totals on the way of run {tracker.Key}, whose last row stands in a CSV beside it"));
        }
    }

    private static bool IsCsv(string path) =>
        path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)
        || (path.EndsWith(".bak", StringComparison.OrdinalIgnoreCase) && path.Contains(".csv", StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<Finding> CpuMode(CodeCarbonLog[] logs)
    {
        foreach (var log in logs)
        {
            foreach (var mode in log.CpuModes)
            {
                yield return CodeCarbonLog.IsConstant(mode)
                    ? new Finding("cpu-mode", Severity.Warning, $"{log.File}: CPU power was a constant ({mode}); it does not follow the load")
                    : new Finding("cpu-mode", Severity.Note, mode.Contains("load", StringComparison.OrdinalIgnoreCase)
                        ? $"{log.File}: CPU power was modelled from the load ({mode}), not measured"
                        : $"{log.File}: CPU power was read by {mode}");
            }
        }

        if (Array.TrueForAll(logs, log => log.CpuModes.Count == 0))
            yield return new Finding("cpu-mode-unknown", Severity.Note, "no console log tells whether CPU power was read from a sensor (RAPL) or made up by a model");
    }

    private static string NoRow(CodeCarbonLog[] logs) =>
        logs.Any(log => log.Findings.Any(finding => finding.Rule == "lock"))
            ? "codecarbon wrote no row: it found the lock of another tracker and measured nothing"
            : "codecarbon wrote no row: a row is written only when the tracker stops, so a killed one leaves none";

    private static string Refusal(IReadOnlyList<EstimatorFile> files, List<string> refusals) => files.Count switch
    {
        0 => "codecarbon left no file here; its emissions.csv is wanted",
        _ when refusals.Count == 0 => "no file here is codecarbon's; its emissions.csv is wanted",
        _ => $"this is no output of codecarbon 2.0 to 3.3: {string.Join("; ", refusals.Take(3))}",
    };

    private static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];
}
