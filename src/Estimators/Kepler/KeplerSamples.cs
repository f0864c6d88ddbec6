using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

using MeterLab.Estimators.Attribution;
using MeterLab.Estimators.Text;
using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.Kepler;

/// <summary>A reading of one counter.</summary>
/// <param name="Series">All its labels, as one text: what tells one counter from another.</param>
/// <param name="Zone">The RAPL zone.</param>
/// <param name="AtS">Unix seconds; null where the file does not tell.</param>
/// <param name="Joules">The counter.</param>
internal sealed record KeplerSample(string Series, string Zone, double? AtS, double Joules);

/// <summary>Readings of the node's joule counters from Prometheus text or the JSON of a range query.</summary>
internal static partial class KeplerSamples
{
    private const string Counter = "kepler_node_cpu_joules_total";

    /// <summary>The readings of a file; none where it holds none.</summary>
    public static IEnumerable<KeplerSample> Read(EstimatorFile file)
    {
        var text = Encoding.UTF8.GetString(file.Content.Span);
        return text.TrimStart().StartsWith('{') ? ReadRange(text) : ReadText(text);
    }

    /// <summary>The claim of all readings: package and memory zones, every counter's increase from reading to reading.</summary>
    public static Claim ToClaim(string place, IReadOnlyList<KeplerSample> samples)
    {
        var findings = new List<Finding>();
        var used = samples.Where(sample => Component(sample.Zone) is not null).ToArray();
        var left = samples.Select(sample => sample.Zone).Where(zone => Component(zone) is null).Distinct().ToArray();
        if (left.Length > 0)
            findings.Add(new Finding("zones", Severity.Note, $"the zones {string.Join(", ", left)} overlap with the package and are left out"));
        if (used.Length == 0)
            findings.Add(new Finding("no-package", Severity.Invalid, $"{place} holds no counter of a package; its energy is not used"));
        else if (used.All(sample => sample.AtS is null) || used.GroupBy(sample => sample.Series).All(series => series.Count() < 2))
            findings.Add(new Finding("one-scrape", Severity.Invalid, $"{place} is one scrape of counters that run since Kepler's start, or has no stamps; two scrapes with stamps are needed to say anything of a run; its energy is not used"));
        else if (used.Any(sample => sample.AtS is null))
            findings.Add(new Finding("no-stamp", Severity.Warning, $"{place}: readings without a stamp are left out"));
        var names = used.Select(sample => Component(sample.Zone)!).Distinct().ToArray();
        var series = findings.TrueForAll(finding => finding.Severity != Severity.Invalid) ? Series(place, used, names, findings) : null;
        return SeriesClaims.Of(place, series, findings, names.Contains("ram") ? [Scope.CpuPackage, Scope.Dram] : [Scope.CpuPackage]);
    }

    // All counters of a scrape are read at once; a scrape that lacks one of them ends nothing.
    private static EnergySeries? Series(string place, KeplerSample[] samples, string[] names, List<Finding> findings)
    {
        var counters = samples.Select(sample => sample.Series).Distinct().ToArray();
        var scrapes = samples.Where(sample => sample.AtS is not null).GroupBy(sample => sample.AtS!.Value).OrderBy(scrape => scrape.Key)
            .Select(scrape => (AtS: scrape.Key, Of: scrape.GroupBy(sample => sample.Series).ToDictionary(group => group.Key, group => group.Last())))
            .Where(scrape => scrape.Of.Count == counters.Length).ToArray();
        var intervals = new List<EnergyInterval>();
        foreach (var (before, after) in scrapes.Zip(scrapes.Skip(1)))
        {
            if (counters.Any(counter => after.Of[counter].Joules < before.Of[counter].Joules))
            {
                findings.Add(new Finding("counter-reset", Severity.Warning, $"{place}: a counter began again at 0; what was used between the two readings is missing"));
                continue;
            }

            intervals.Add(new EnergyInterval(before.AtS, after.AtS, [.. names.Select(name => counters
                .Where(counter => Component(after.Of[counter].Zone) == name).Sum(counter => after.Of[counter].Joules - before.Of[counter].Joules))]));
        }

        return intervals.Count == 0 ? null : new EnergySeries(names, intervals);
    }

    private static string? Component(string zone) => zone switch
    {
        _ when zone.StartsWith("package", StringComparison.Ordinal) => "cpu",
        _ when zone.StartsWith("dram", StringComparison.Ordinal) => "ram",
        _ => null,
    };

    private static IEnumerable<KeplerSample> ReadText(string text)
    {
        double? scraped = null;
        var lines = text.Split('\n');
        // A last line without an end may hold half a number.
        foreach (var line in lines.SkipLast(1))
        {
            if (Scraped().Match(line) is { Success: true } mark)
                scraped = double.Parse(mark.Groups[1].Value, CultureInfo.InvariantCulture);
            if (Sample().Match(line) is not { Success: true } match || Zone().Match(match.Groups[1].Value) is not { Success: true } zone
                || !double.TryParse(match.Groups[2].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var joules) || !double.IsFinite(joules))
                continue;
            var stamp = match.Groups[3].Success ? double.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture) / 1000 : scraped;
            yield return new KeplerSample(match.Groups[1].Value, zone.Groups[1].Value, stamp, joules);
        }
    }

    private static IEnumerable<KeplerSample> ReadRange(string text)
    {
        if (JsonLines.TryParse(text) is not { } root || !root.TryGetProperty("data", out var data) || !data.TryGetProperty("result", out var result) || result.ValueKind != JsonValueKind.Array)
            yield break;
        foreach (var series in result.EnumerateArray())
        {
            if (!series.TryGetProperty("metric", out var metric) || !metric.TryGetProperty("zone", out var zone) || !series.TryGetProperty("values", out var values))
                continue;
            if (metric.TryGetProperty("__name__", out var name) && name.GetString() != Counter)
                continue;
            foreach (var value in values.EnumerateArray().Where(value => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 2))
            {
                if (value[0].TryGetDouble(out var at) && double.TryParse(value[1].ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var joules) && double.IsFinite(joules))
                    yield return new KeplerSample(metric.GetRawText(), zone.ToString(), at, joules);
            }
        }
    }

    [GeneratedRegex(@"^# scraped (\d+(?:\.\d+)?)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Scraped();

    [GeneratedRegex(@"^kepler_node_cpu_joules_total\{([^}]*)\}\s+(\S+)(?:\s+(\d+))?\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Sample();

    [GeneratedRegex(@"(?:^|,)\s*zone=""([^""]*)""", RegexOptions.CultureInvariant)]
    private static partial Regex Zone();
}
