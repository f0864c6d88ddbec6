using System.Globalization;
using System.Text.RegularExpressions;

using MeterLab.Estimators.Csv;

namespace MeterLab.Orchestrator.Studies;

/// <summary>One photograph of the meter's display, as the image analysis read it.</summary>
/// <param name="Line">The line in the file.</param>
/// <param name="Run">The run that the image's name holds; null where the name is no capture.</param>
/// <param name="Stop">Whether it was taken after the run.</param>
/// <param name="Name">The image's name without its folder.</param>
/// <param name="ValueText">The reading as written, kWh; empty where there is none.</param>
/// <param name="DifferenceText">What the analysis wrote as the difference to the row before, kWh; empty where there is none.</param>
/// <param name="Defect">What is wrong with the row itself; null where nothing is.</param>
internal sealed partial record MeterImage(
    int Line, string? Run, bool Stop, string Name, string ValueText, string DifferenceText, string? Defect)
{
    /// <summary>The reading, kWh; null where it is no number.</summary>
    public double? ValueKwh =>
        double.TryParse(ValueText, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    /// <summary>The written difference, kWh.</summary>
    public double? DifferenceKwh =>
        double.TryParse(DifferenceText, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    /// <summary>
    /// Reads a row. Images lie in folders of whatever machine took them, so every separator ends a folder; a known run at the end of
    /// what stands before the capture mark is that run, however it is set off.
    /// </summary>
    public static MeterImage From(CsvTable table, CsvRow row, IReadOnlySet<string> knownRuns)
    {
        var path = row.Fields[0];
        var name = path[(path.LastIndexOfAny(['/', '\\', ':']) + 1)..];
        var mark = Capture().Match(name);
        var defect = row.Defect ?? (row.Fields.Count == table.Header.Count ? null : $"has {row.Fields.Count} of {table.Header.Count} fields");
        return new MeterImage(
            row.Line,
            mark.Success ? RunOf(mark.Groups["run"].Value, knownRuns) : null,
            mark.Success && mark.Groups["edge"].Value.Equals("stop", StringComparison.OrdinalIgnoreCase),
            name,
            defect is null ? row.Fields[table.IndexOf("value")].Trim() : "",
            defect is null && table.IndexOf("val_diff") is >= 0 and var column ? row.Fields[column].Trim() : "",
            defect);
    }

    private static string RunOf(string stem, IReadOnlySet<string> knownRuns) =>
        knownRuns.Contains(stem)
            ? stem
            : knownRuns.Where(run => stem.EndsWith(run, StringComparison.Ordinal) && !char.IsLetterOrDigit(stem[^(run.Length + 1)]))
                .MaxBy(run => run.Length) ?? stem;

    [GeneratedRegex(@"^(?<run>.+?)[_\-. ]capture[_\-. ](?<edge>start|stop)(\.[a-z0-9]+)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Capture();
}
