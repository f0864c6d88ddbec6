using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

using MeterLab.Estimators.Attribution;
using MeterLab.Estimators.Text;
using MeterLab.Measurement;

namespace MeterLab.Estimators.Perun;

/// <summary>perun's text report: a table with a row a run and host, energies with their unit and three decimals.</summary>
internal static partial class PerunText
{
    /// <summary>The runs of a report; none where the file is no report of perun's.</summary>
    public static IEnumerable<Claim> Read(EstimatorFile file)
    {
        var text = Encoding.UTF8.GetString(file.Content.Span);
        if (!text.Contains("PERUN REPORT", StringComparison.Ordinal))
            return [];
        var start = RunId().Match(text) is { Success: true } id ? id.Groups[1].Value : null;
        var lines = text.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith('|')).Select(Cells).ToArray();
        var header = Array.Find(lines, line => line.Contains("ENERGY") && line.Contains("RUNTIME"));
        if (header is null)
            return [];
        // With several hosts the row "All" is their sum.
        var rows = lines.Where(line => line.Length == header.Length && int.TryParse(line[0], NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .GroupBy(line => line[0]).Select(run => run.FirstOrDefault(line => line[1] == "All") ?? run.First());
        return rows.Select(row => ToClaim(file, start, row[0], row[Array.IndexOf(header, "RUNTIME")], row[Array.IndexOf(header, "ENERGY")]));
    }

    private static Claim ToClaim(EstimatorFile file, string? startText, string round, string runtime, string energyText)
    {
        var place = $"{file.Path}, round {round}";
        var (duration, energy) = (Value(runtime, "s"), Value(energyText, "J"));
        var ended = startText is not null && LocalTimes.Parse(startText) is { } local ? LocalTimes.AsUtcSeconds(local) + duration?.Value : null;
        List<Finding> findings = energy is null || duration is null
            ? [new("damaged-row", Severity.Invalid, $"{place} has no energy or no runtime; its energy is not used")]
            : [new("rounded", Severity.Note, $"{place} is a text report with three decimals; perun's JSON has more")];
        return new Claim
        {
            Row = new EstimatorRow { Run = startText, EnergyJ = energy is null || duration is null ? null : energy.Value.Value, DurationS = duration?.Value, Findings = findings, EndedLocal = ended is { } at ? LocalTimes.Write(at) : null },
            Place = place,
            Tracker = place,
            EndedS = ended,
            StampStepS = 5,
            ResolutionJ = energy?.Step ?? 0,
        };
    }

    private static string[] Cells(string line) => [.. line.Trim('|').Split('|').Select(cell => cell.Trim())];

    private static (double Value, double Step)? Value(string text, string unit)
    {
        var match = Figure().Match(text);
        if (!match.Success || match.Groups[3].Value != unit)
            return null;
        double? factor = match.Groups[2].Value switch { "" => 1, "m" => 1e-3, "k" => 1e3, "M" => 1e6, "G" => 1e9, _ => null };
        var digits = match.Groups[1].Value;
        var decimals = digits.Contains('.', StringComparison.Ordinal) ? digits.Length - digits.IndexOf('.', StringComparison.Ordinal) - 1 : 0;
        return factor is { } f ? (double.Parse(digits, CultureInfo.InvariantCulture) * f, f * Math.Pow(10, -decimals)) : null;
    }

    [GeneratedRegex(@"RUN ID:\s*(\S+)", RegexOptions.CultureInvariant)]
    private static partial Regex RunId();

    [GeneratedRegex(@"^(\d+(?:\.\d+)?) ([mkMG]?)(s|J)$", RegexOptions.CultureInvariant)]
    private static partial Regex Figure();
}
