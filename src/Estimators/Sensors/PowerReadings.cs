using MeterLab.Measurement;

namespace MeterLab.Estimators.Sensors;

/// <summary>Powers by device, gathered reading by reading; a device that says nothing is told.</summary>
internal sealed class PowerReadings(SensorFile file, string component)
{
    private readonly Dictionary<string, List<(double AtS, double Watts)>> _devices = [];
    private readonly Dictionary<string, int> _silent = [];

    /// <summary>The devices met, in that order.</summary>
    public IReadOnlyCollection<string> Devices => _devices.Keys;

    /// <summary>A power, or that the device had none to tell.</summary>
    public void Add(string device, double atS, double? watts)
    {
        if (!_devices.TryGetValue(device, out var readings))
            _devices[device] = readings = [];
        if (watts is not { } power || !double.IsFinite(power) || power < 0)
            _silent[device] = _silent.GetValueOrDefault(device) + 1;
        else if (readings.Count == 0 || atS > readings[^1].AtS)
            readings.Add((atS, power));
    }

    /// <summary>A track a device. A device without power makes the sum useless, and is an invalid finding.</summary>
    public IReadOnlyList<SensorTrack> Tracks(double longestJoinS, List<Finding> findings)
    {
        var tracks = new List<SensorTrack>();
        foreach (var (device, readings) in _devices)
        {
            var silent = _silent.GetValueOrDefault(device);
            if (readings.Count < 2)
                findings.Add(new Finding("no-power", Severity.Invalid, $"{file.Path}: {device} told its power {readings.Count} times in {readings.Count + silent} readings; without it the sum is not the machine's; its energy is not used"));
            else
                tracks.Add(SensorTrack.OfPower(component, readings, longestJoinS));
            if (silent > 0 && readings.Count >= 2)
                findings.Add(new Finding("failed-read", Severity.Warning, $"{file.Path}: {device} told no power in {silent} of {readings.Count + silent} readings; straight lines join the others"));
        }

        return tracks;
    }

    /// <summary>That a program did not do as asked, in its own words; nothing where all went well.</summary>
    public static void TellFailures(SensorFile file, string program, List<Finding> findings)
    {
        SensorReading[] failed = [.. file.Readings.Where(reading => reading.ExitCode != 0)];
        if (failed.Length == 0)
            return;
        var words = string.Join(" ", failed[0].Lines).Trim();
        var why = failed[0].ExitCode switch { 127 => "it is not on the PATH", 124 => "it did not answer within 5 s", var code => $"exit code {code}" };
        findings.Add(new Finding(
            "sensor-failed", failed.Length == file.Readings.Count ? Severity.Invalid : Severity.Warning,
            $"{program} failed in {failed.Length} of {file.Readings.Count} readings ({why}): {(words.Length > 300 ? words[..300] : words)}{(failed.Length == file.Readings.Count ? "; no energy is attributed" : "")}"));
    }
}
