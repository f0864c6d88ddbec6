using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

using MeterLab.Estimators.Attribution;
using MeterLab.Estimators.Text;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.Zeus;

/// <summary>The console of <c>python -m zeus.monitor energy</c>: one measurement, printed when it is interrupted.</summary>
internal static partial class ZeusConsole
{
    /// <summary>The measurement as a claim; null where the text holds none.</summary>
    public static Claim? TryRead(EstimatorFile file)
    {
        var text = Encoding.UTF8.GetString(file.Content.Span);
        var match = Measurement().Match(text);
        if (!match.Success)
            return null;
        var joules = new Dictionary<string, double>();
        foreach (Match part in Part().Matches(match.Groups[2].Value))
        {
            var name = part.Groups[1].Value switch { "cpu_energy" => "cpu", "dram_energy" => "ram", _ => "gpu" };
            var figures = Figure().Matches(part.Groups[2].Value).Select(figure => double.Parse(figure.Groups[1].Value, CultureInfo.InvariantCulture)).ToArray();
            if (figures.Length > 0)
                joules[name] = figures.Sum();
        }

        var ended = Ended().Matches(text).LastOrDefault() is { } end && LocalTimes.Parse(end.Groups[1].Value) is { } time ? LocalTimes.AsUtcSeconds(time) : (double?)null;
        var seconds = double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        return new Claim
        {
            Row = new EstimatorRow
            {
                EnergyJ = joules.Count > 0 ? joules.Values.Sum() : null,
                ComponentsJ = joules,
                DurationS = seconds,
                EndedLocal = ended is { } at ? LocalTimes.Write(at) : null,
                Findings = joules.Count > 0 ? [] : [new("no-power", MeterLab.Measurement.Severity.Invalid, $"{file.Path} holds a measurement without any energy: it found no counter")],
            },
            Place = file.Path,
            Tracker = file.Path,
            EndedS = ended,
            Scopes = [.. joules.Keys.Select(name => name switch { "cpu" => Scope.CpuPackage, "ram" => Scope.Dram, _ => Scope.Gpu })],
        };
    }

    [GeneratedRegex(@"Measurement\(\s*time=([\d.eE+-]+),(.*?\)|.*$)", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Measurement();

    [GeneratedRegex(@"\b((?:gpu_|cpu_|dram_)?energy)=\{([^}]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Part();

    [GeneratedRegex(@"\d+:\s*([\d.eE+-]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Figure();

    [GeneratedRegex(@"\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+)\][^\n]*window[^\n]*ended", RegexOptions.CultureInvariant)]
    private static partial Regex Ended();
}
