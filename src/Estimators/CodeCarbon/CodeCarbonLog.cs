using System.Text;

using MeterLab.Measurement;

namespace MeterLab.Estimators.CodeCarbon;

/// <summary>
/// What the console log of CodeCarbon tells that its CSV does not: how the CPU's power was found, and what went wrong on the way. The
/// mode is printed at INFO in 3.x and at DEBUG in 2.x, which at INFO only says that it fell back.
/// </summary>
internal sealed class CodeCarbonLog
{
    private const string CpuMethod = "CPU Tracking Method:";

    private CodeCarbonLog(string file, string[] lines)
    {
        File = file;
        CpuModes = [.. lines.Select(CpuMode).OfType<string>().Distinct()];
        // The summary names the mode that was taken; what was said on the way to it only counts without one.
        if (CpuModes.Count == 0)
            CpuModes = [.. lines.Select(FallbackMode).OfType<string>().Distinct()];
        Findings = [.. Inspect(file, lines)];
    }

    /// <summary>The log's name.</summary>
    public string File { get; }

    /// <summary>How CPU power was found: <c>RAPL</c>, <c>cpu_load</c>, <c>TDP constant</c> …; empty where the log does not tell.</summary>
    public IReadOnlyList<string> CpuModes { get; }

    /// <summary>Troubles that the log names.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>Reads a log; null where it is none of CodeCarbon's.</summary>
    public static CodeCarbonLog? TryRead(EstimatorFile file)
    {
        var text = Encoding.UTF8.GetString(file.Content.Span);
        return text.Contains("[codecarbon ", StringComparison.Ordinal)
            ? new CodeCarbonLog(file.Path, text.Split('\n', StringSplitOptions.TrimEntries))
            : null;
    }

    /// <summary>Whether a mode follows a model instead of a sensor, and a constant instead of the load.</summary>
    public static bool IsConstant(string mode) => mode.Contains("constant", StringComparison.OrdinalIgnoreCase);

    private static string? CpuMode(string line) =>
        line.StartsWith(CpuMethod, StringComparison.Ordinal) ? line[CpuMethod.Length..].Trim() : null;

    private static string? FallbackMode(string line) => line switch
    {
        _ when Has(line, "Falling back on CPU constant mode") => "TDP constant",
        _ when Has(line, "Falling back on CPU load mode") => "cpu_load",
        _ when Has(line, "via RAPL interface") => "RAPL",
        _ => null,
    };

    private static IEnumerable<Finding> Inspect(string file, string[] lines)
    {
        if (Array.Exists(lines, line => Has(line, "Another instance of codecarbon is")))
        {
            yield return new Finding("lock", Severity.Warning,
                $"{file}: a tracker found the lock of another one (.codecarbon.lock in the system's temporary folder) and recorded nothing; "
                + "a lock left behind by a killed tracker must be deleted by hand");
        }

        if (lines.Count(line => Has(line, "graceful shutdown. Exceptions")) is > 0 and var failures)
        {
            yield return new Finding("write-failed", Severity.Warning,
                $"{file}: {failures} writes of a row failed inside codecarbon and were swallowed; what was to be written then is missing");
        }

        if (lines.Count(line => Has(line, "Background scheduler didn't run for a long period")) is > 0 and var late)
            yield return new Finding("late-samples", Severity.Warning, $"{file}: codecarbon's sampling was late by more than 3 intervals, {late} times");
    }

    private static bool Has(string line, string text) => line.Contains(text, StringComparison.OrdinalIgnoreCase);
}
