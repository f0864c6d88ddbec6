using System.Globalization;
using System.Text;

using MeterLab.Measurement;

namespace MeterLab.Estimators.Sensors;

/// <summary>The file that the runner's sampler (sampler.sh) writes: a head line, lines of description, readings between stamps.</summary>
internal sealed class SensorFile
{
    private const string Magic = "meterlab-sensor";

    private SensorFile(string path, string kind, double intervalS, IReadOnlyList<string> descriptions, IReadOnlyList<SensorReading> readings, IReadOnlyList<Finding> findings)
    {
        (Path, Kind, IntervalS, Descriptions, Readings, Findings) = (path, kind, intervalS, descriptions, readings, findings);
    }

    /// <summary>Where it lay, for messages.</summary>
    public string Path { get; }

    /// <summary>The sampler's word for the sensor.</summary>
    public string Kind { get; }

    /// <summary>The interval that was asked for, s.</summary>
    public double IntervalS { get; }

    /// <summary>Lines that are no reading: zones, fields.</summary>
    public IReadOnlyList<string> Descriptions { get; }

    /// <summary>The readings, their times rising.</summary>
    public IReadOnlyList<SensorReading> Readings { get; }

    /// <summary>What is damaged.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>Whether a text is such a file, of one of these kinds.</summary>
    public static bool Is(EstimatorFile file, IReadOnlyList<string> kinds)
    {
        var start = Encoding.UTF8.GetString(file.Content.Span[..Math.Min(200, file.Content.Length)]);
        var words = start.Split('\n')[0].Split(' ');
        return words is [Magic, "1", var kind, _] && kinds.Contains(kind);
    }

    /// <summary>Reads one. Throws <see cref="ConfigurationException"/> where its head is not as the sampler writes it.</summary>
    public static SensorFile Read(EstimatorFile file)
    {
        var lines = Encoding.UTF8.GetString(file.Content.Span).Split('\n');
        if (lines[0].Split(' ') is not [Magic, "1", var kind, var interval] || !long.TryParse(interval, NumberStyles.None, CultureInfo.InvariantCulture, out var intervalNs))
            throw new ConfigurationException("this is no file of the sampler's, or of another version of it", file.Path);
        var descriptions = new List<string>();
        var readings = new List<SensorReading>();
        var (damaged, backwards) = (0, 0);
        // A line a card, which a coarse clock stamps alike.
        var severalAtOnce = kind == "nvidia";
        // A last line without an end may be half a line, and the reading that it belongs to is then not whole.
        for (var i = 1; i < lines.Length - 1; i++)
        {
            if (!lines[i].StartsWith('@'))
            {
                if (lines[i].StartsWith('>'))
                    damaged++;
                else
                    descriptions.Add(lines[i]);
                continue;
            }

            var head = lines[i];
            var text = new List<string>();
            while (i + 1 < lines.Length - 1 && lines[i + 1].StartsWith('>'))
                text.Add(lines[++i].Length > 1 ? lines[i][2..] : "");
            if (Parse(head, text) is not { } reading)
                damaged++;
            else if (readings.Count > 0 && (reading.AtS < readings[^1].AtS || (reading.AtS == readings[^1].AtS && !severalAtOnce)))
                backwards++;
            else
                readings.Add(reading);
        }

        if (lines[^1].Length > 0)
        {
            damaged++;
            if (readings.Count > 0)
                readings.RemoveAt(readings.Count - 1);
        }

        return new SensorFile(file.Path, kind, intervalNs / 1e9, descriptions, readings, [.. Damage(file.Path, damaged, backwards)]);
    }

    private static SensorReading? Parse(string head, List<string> text) =>
        head.Split(' ') is ["@", var before, var after, var code]
        && long.TryParse(before, NumberStyles.None, CultureInfo.InvariantCulture, out var beforeNs) && long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var afterNs)
        && int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var exit) && afterNs >= beforeNs
            ? new SensorReading(beforeNs, afterNs, exit, text)
            : null;

    private static IEnumerable<Finding> Damage(string path, int damaged, int backwards)
    {
        if (damaged > 0)
            yield return new Finding("damaged-row", Severity.Warning, $"{damaged} readings of {path} are not whole and are left out: the file was cut off or changed");
        if (backwards > 0)
            yield return new Finding("clock-step", Severity.Warning, $"{backwards} readings of {path} are not later than the one before them, so the target's clock was set back; they are left out");
    }
}
