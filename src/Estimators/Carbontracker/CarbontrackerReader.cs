using System.Text.RegularExpressions;

using MeterLab.Estimators.Attribution;
using MeterLab.Measurement;

namespace MeterLab.Estimators.Carbontracker;

/// <summary>
/// Puts the logs of one tracker together (they share the beginning of their names): energy from the standard log, which has powers without
/// PUE; the output log's total only where there is nothing else; predictions as rows that are never compared.
/// </summary>
internal static partial class CarbontrackerReader
{
    /// <summary>Throws <see cref="ConfigurationException"/> where no file is one of its logs.</summary>
    public static ClaimSet Read(IReadOnlyList<EstimatorFile> files)
    {
        var standard = files.Where(file => Kind(file.Path) is "" or null).Select(StandardLog.TryRead).OfType<StandardLog>().ToArray();
        var outputs = files.Where(file => Kind(file.Path) is "_output").Select(OutputLog.TryRead).OfType<OutputLog>().ToList();
        // The console says the same as the logs, and counts only where there are none.
        if (standard.Length == 0 && outputs.Count == 0)
            outputs.AddRange(files.Where(file => Kind(file.Path) is null).Select(OutputLog.TryRead).OfType<OutputLog>());
        if (standard.Length == 0 && outputs.Count == 0)
        {
            throw new ConfigurationException(files.Count == 0
                ? "carbontracker left no file here; its ..._carbontracker.log is wanted"
                : "no file here is a log of carbontracker; its ..._carbontracker.log is wanted", files is [var only] ? only.Path : null);
        }

        string[] stems = [.. standard.Select(log => Stem(log.File)).Concat(outputs.Select(log => Stem(log.File))).Distinct()];
        var runs = stems.Select(stem => CarbontrackerRun.Of(
            stem, standard.FirstOrDefault(log => Stem(log.File) == stem), outputs.FirstOrDefault(log => Stem(log.File) == stem))).ToArray();
        return new ClaimSet(
            standard.LastOrDefault(log => log.Version is not null)?.Version, [.. runs.SelectMany(run => run.Rows)],
            [.. runs.Select(run => run.Claim).OfType<Claim>()],
            [.. files.Where(file => Kind(file.Path) is "_err" or null).SelectMany(Troubles)]);
    }

    // "" for the standard log, _output and _err for the others, null where the name does not tell.
    private static string? Kind(string path) => Name().Match(path) is { Success: true } match ? match.Groups[2].Value : null;

    private static string Stem(string path) => Name().Match(path) is { Success: true } match ? match.Groups[1].Value : path;

    private static IEnumerable<Finding> Troubles(EstimatorFile file)
    {
        var lines = System.Text.Encoding.UTF8.GetString(file.Content.Span).Split('\n');
        var constant = Array.Find(lines, line => line.Contains("Using TDP of", StringComparison.Ordinal));
        if (constant is not null)
            yield return new Finding("constant-power", Severity.Warning, $"{file.Path}: CPU power was a constant that does not follow the load: {Short(constant)}");
        var errors = lines.Where(line => line.Contains(" - CRITICAL - ", StringComparison.Ordinal) || line.Contains(" - ERROR - ", StringComparison.Ordinal)).ToArray();
        if (errors.Length > 0)
            yield return new Finding("tool-error", Severity.Warning, $"{file.Path}: carbontracker reports {errors.Length} errors, first: {Short(errors[0])}");
    }

    private static string Short(string line) => line.Trim() is { Length: > 200 } text ? text[..200] : line.Trim();

    [GeneratedRegex(@"^(.*?)_?carbontracker(_output|_err|)\.log$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
