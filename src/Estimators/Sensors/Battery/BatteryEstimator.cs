using System.Globalization;

using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.Sensors.Battery;

/// <summary>What a portable machine takes out of its batteries, while nothing charges them.</summary>
public sealed class BatteryEstimator : SensorEstimator
{
    private const string Root = "/sys/class/power_supply";

    /// <inheritdoc/>
    public override EstimatorFacts Facts { get; } = new()
    {
        Name = "battery",
        Scopes = [Scope.PsuDc],
        Covers = "Everything in the machine, its display too, as the batteries' own gauge tells it while they are discharged.",
        LeavesOut = "The mains adapter and its loss; the gauge's own averaging, often over several seconds.",
        RunsOnTarget = true,
        Source = "Linux, Documentation/ABI/testing/sysfs-class-power",
        Clock = "The target's clock just before and just after each reading; the gauge is refreshed every 1 to 30 s.",
        Install = "Nothing; the mains adapter has to be unplugged during the run.",
        OwnFiles = ["battery*.samples"],
        Needs =
        [
            new TargetNeed(NeedKind.Program, "sh", Essential: true, "it cannot be read"),
            new TargetNeed(NeedKind.ReadableFile, Root + "/*/voltage_now", Essential: true, "there is no battery") { Root = Root },
        ],
        FormatVerified = false,
        Defects = [new KnownDefect("all", "with the mains adapter in, the power is that of charging", "not-discharging")],
    };

    private protected override double DefaultIntervalS => 1;

    private protected override IReadOnlyList<string> Kinds { get; } = ["battery"];

    private protected override IReadOnlyList<string> Arguments(EstimatorSettings settings) => [settings.Root ?? Root];

    private protected override (IReadOnlyList<SensorTrack> Tracks, IReadOnlyList<Scope> Scopes, double StepW) Tracks(SensorFile file, List<Finding> findings)
    {
        var readings = new PowerReadings(file, "system");
        var charging = 0;
        foreach (var reading in file.Readings)
        {
            foreach (var words in reading.Lines.Select(line => line.Split(' ')).Where(words => words.Length > 1))
            {
                // Status words may hold a blank ("Not charging"), keys do not.
                var status = Value(words, "status=");
                charging += status == "Charging" || status == "Full" || status == "Not" ? 1 : 0;
                readings.Add(words[0], reading.AtS, Watts(words));
            }
        }

        if (readings.Devices.Count == 0)
            findings.Add(new Finding("no-battery", Severity.Invalid, $"{file.Path}: the target has no battery; its energy is not used"));
        if (charging > 0)
            findings.Add(new Finding("not-discharging", Severity.Invalid, $"{file.Path}: in {charging} readings a battery was not being discharged, so the mains fed the machine; its energy is not used"));
        return (readings.Tracks(LongestJoinS(file), findings), Facts.Scopes, 0);
    }

    // Either the power, or current times voltage; drivers differ in the sign of what flows out.
    private static double? Watts(string[] words)
    {
        if (Number(words, "power_now=") is { } microwatts)
            return Math.Abs(microwatts) * 1e-6;
        return Number(words, "current_now=") is { } microamperes && Number(words, "voltage_now=") is { } microvolts ? Math.Abs(microamperes) * microvolts * 1e-12 : null;
    }

    private static double? Number(string[] words, string key) =>
        double.TryParse(Value(words, key), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string? Value(string[] words, string key) => words.FirstOrDefault(word => word.StartsWith(key, StringComparison.Ordinal))?[key.Length..];
}
