using System.Text.RegularExpressions;

using NodaTime;

namespace MeterLab.Estimators.Carbontracker;

/// <summary>An epoch of the standard log.</summary>
/// <param name="Line">Where it begins.</param>
/// <param name="Ended">Local time of its lines.</param>
/// <param name="DurationS">s; null where its line is missing or no time.</param>
/// <param name="PowersW">W by component, a figure a device; null where no sample fell into the epoch.</param>
internal sealed record Epoch(int Line, LocalDateTime Ended, double? DurationS, IReadOnlyDictionary<string, IReadOnlyList<double>?> PowersW);

/// <summary>The standard log: epochs with durations and powers, in which there is no PUE.</summary>
internal sealed partial class StandardLog
{
    private StandardLog(string file, IReadOnlyList<LogEntry> entries, bool cut)
    {
        File = file;
        Cut = cut;
        Version = entries.Select(entry => VersionLine().Match(entry.Text)).FirstOrDefault(match => match.Success)?.Groups[1].Value;
        Pue = entries.Select(entry => PueLine().Match(entry.Text)).FirstOrDefault(match => match.Success) is { } pue ? CarbontrackerText.Number(pue.Groups[1].Value) : null;
        Ended = entries.Any(entry => entry.Text.StartsWith("Monitoring thread ended", StringComparison.Ordinal));
        Interrupted = entries.Any(entry => entry.Text.StartsWith("Training was interrupted", StringComparison.Ordinal));
        Devices = entries.Select(entry => CarbontrackerText.Devices(entry.Text)).FirstOrDefault(devices => devices.Count > 0) ?? new Dictionary<string, IReadOnlyList<string>>();
        Epochs = [.. ReadEpochs(entries)];
    }

    public string File { get; }

    /// <summary>Whether the last line has no end.</summary>
    public bool Cut { get; }

    public string? Version { get; }

    /// <summary>The factor that the output log's energies hold, as this log says.</summary>
    public double? Pue { get; }

    /// <summary>Whether the end of the monitoring is in the log.</summary>
    public bool Ended { get; }

    public bool Interrupted { get; }

    /// <summary>Names of devices by component (cpu, gpu).</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Devices { get; }

    public IReadOnlyList<Epoch> Epochs { get; }

    /// <summary>Reads a log; null where it is no standard log.</summary>
    public static StandardLog? TryRead(EstimatorFile file)
    {
        var (entries, cut) = LogEntry.ReadAll(file.Content);
        return entries.Any(entry => entry.Time is not null && (VersionLine().IsMatch(entry.Text) || EpochLine().IsMatch(entry.Text)))
            ? new StandardLog(file.Path, entries, cut)
            : null;
    }

    private static IEnumerable<Epoch> ReadEpochs(IReadOnlyList<LogEntry> entries)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i].Time is not { } time || !EpochLine().IsMatch(entries[i].Text))
                continue;
            double? duration = null;
            var powers = new Dictionary<string, IReadOnlyList<double>?>();
            var begin = i;
            for (; i + 1 < entries.Count && !EpochLine().IsMatch(entries[i + 1].Text); i++)
            {
                var text = entries[i + 1].Text;
                if (DurationLine().Match(text) is { Success: true } length)
                    duration = CarbontrackerText.Seconds(length.Groups[1].Value);
                else if (PowerLine().Match(text) is { Success: true } power && CarbontrackerText.Vector(power.Groups[2].Value) is { } vector)
                    powers[power.Groups[1].Value] = vector.Count == 0 ? null : vector;
            }

            yield return new Epoch(entries[begin].Line, time, duration, powers);
        }
    }

    [GeneratedRegex(@"^carbontracker version (\S+)$", RegexOptions.CultureInvariant)]
    private static partial Regex VersionLine();

    [GeneratedRegex(@"multiplied by a PUE coefficient of (\d+(?:\.\d+)?)", RegexOptions.CultureInvariant)]
    private static partial Regex PueLine();

    [GeneratedRegex(@"^Epoch \d+:", RegexOptions.CultureInvariant)]
    private static partial Regex EpochLine();

    [GeneratedRegex(@"^Duration:\s*(.+)$", RegexOptions.CultureInvariant)]
    private static partial Regex DurationLine();

    [GeneratedRegex(@"^Average power usage \(W\) for (\w+):(.*)$", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex PowerLine();
}
