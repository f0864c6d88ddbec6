using System.Text.RegularExpressions;

using NodaTime;

namespace MeterLab.Estimators.Carbontracker;

/// <summary>A block of the output log.</summary>
/// <param name="Line">Where it begins.</param>
/// <param name="Time">Local time; null where the log has none (the console).</param>
/// <param name="Predicted">Whether it is a prediction.</param>
/// <param name="Epochs">How many epochs it is about; null for the one of a wrapped command.</param>
/// <param name="DurationS">s, rounded to whole ones by the tool.</param>
/// <param name="Kwh">kWh with the PUE inside; null where the line is missing or damaged.</param>
/// <param name="StepKwh">One step of the last digit.</param>
internal sealed record OutputBlock(int Line, LocalDateTime? Time, bool Predicted, int? Epochs, double? DurationS, double? Kwh, double StepKwh);

/// <summary>The output log, or the same text on the console: predictions and totals, multiplied by the PUE.</summary>
internal sealed partial class OutputLog
{
    private OutputLog(string file, IReadOnlyList<LogEntry> entries)
    {
        File = file;
        // 1.x wrote gCO2/kWh.
        IsVersion2 = entries.Any(entry => entry.Text.Contains("gCO2eq", StringComparison.Ordinal));
        Blocks = [.. entries.SelectMany(ReadBlocks)];
    }

    public string File { get; }

    public bool IsVersion2 { get; }

    public IReadOnlyList<OutputBlock> Blocks { get; }

    /// <summary>Reads a log or console text; null where the tool's mark is not in it.</summary>
    public static OutputLog? TryRead(EstimatorFile file)
    {
        var (entries, _) = LogEntry.ReadAll(file.Content);
        return entries.Any(entry => entry.Text.Contains("CarbonTracker:", StringComparison.Ordinal)) ? new OutputLog(file.Path, entries) : null;
    }

    // On the console all lines are one entry without a time, and so may hold several blocks.
    private static IEnumerable<OutputBlock> ReadBlocks(LogEntry entry)
    {
        var heads = Head().Matches(entry.Text);
        for (var i = 0; i < heads.Count; i++)
        {
            var text = entry.Text[heads[i].Index..(i + 1 < heads.Count ? heads[i + 1].Index : entry.Text.Length)];
            var energy = Energy().Match(text);
            var digits = energy.Success ? energy.Groups[1].Value : "";
            yield return new OutputBlock(
                entry.Line + entry.Text[..heads[i].Index].Count(c => c == '\n'), entry.Time, heads[i].Groups[1].Value == "Predicted",
                heads[i].Groups[2].Success ? int.Parse(heads[i].Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture) : null,
                Time().Match(text) is { Success: true } time ? CarbontrackerText.Seconds(time.Groups[1].Value) : null,
                energy.Success ? CarbontrackerText.Number(digits) : null,
                Math.Pow(10, -(digits.Contains('.', StringComparison.Ordinal) ? digits.Length - digits.IndexOf('.', StringComparison.Ordinal) - 1 : 0)));
        }
    }

    [GeneratedRegex(@"^(Predicted|Actual) consumption(?: for (\d{1,9}) epoch\(s\))?:", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Head();

    [GeneratedRegex(@"^\s*Time:\s+([^\n]+)$", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Time();

    [GeneratedRegex(@"^\s*Energy:\s+(\d+(?:\.\d+)?) kWh$", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Energy();
}
