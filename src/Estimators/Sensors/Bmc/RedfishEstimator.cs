using System.Text.Json;

using MeterLab.Estimators.Text;
using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.Sensors.Bmc;

/// <summary>The board controller's power by Redfish, asked with curl on the target: the resource Power of a chassis, or its EnvironmentMetrics.</summary>
public sealed class RedfishEstimator : SensorEstimator
{
    private const string DefaultAddress = "https://localhost/redfish/v1/Chassis/1/Power";

    /// <inheritdoc/>
    public override EstimatorFacts Facts { get; } = new()
    {
        Name = "redfish",
        Scopes = [Scope.WallAc],
        Covers = "The whole machine as its board controller tells it: PowerConsumedWatts of the chassis, or PowerWatts of its EnvironmentMetrics.",
        LeavesOut = "On boards whose controller measures behind the supplies, their loss; what the controller's own averaging takes away.",
        RunsOnTarget = true,
        Source = "DMTF DSP0266 and the schemas Power and EnvironmentMetrics",
        Clock = "The target's clock just before and just after each question; the controller's value may be seconds older.",
        Install = "curl; command: is the resource's address. Name, password and certificate (user = \"name:password\", cacert = …) go into ~/.meterlab/redfish.curlrc on the target, readable by its owner alone.",
        OwnFiles = ["redfish*.samples"],
        Needs =
        [
            new TargetNeed(NeedKind.Program, "curl", Essential: true, "the board controller cannot be asked"),
            new TargetNeed(NeedKind.HttpAnswer, DefaultAddress, Essential: true, "the resource of a chassis' power is needed there")
            {
                Expected = "\"(PowerConsumedWatts|PowerWatts)\"", Secrets = "redfish.curlrc",
            },
        ],
        FormatVerified = false,
        Defects = [new KnownDefect("all", "refreshed every second or less often, by some controllers once in 30 s")],
    };

    private protected override double DefaultIntervalS => 2;

    private protected override IReadOnlyList<string> Kinds { get; } = ["redfish"];

    private protected override IReadOnlyList<string> Arguments(EstimatorSettings settings)
    {
        var address = settings.Command ?? DefaultAddress;
        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0
            ? [address]
            : throw new ConfigurationException("that is not the http address of a Redfish resource; a password belongs into ~/.meterlab/redfish.curlrc on the target", key: "command");
    }

    private protected override (IReadOnlyList<SensorTrack> Tracks, IReadOnlyList<Scope> Scopes, double StepW) Tracks(SensorFile file, List<Finding> findings)
    {
        PowerReadings.TellFailures(file, "curl", findings);
        var readings = new PowerReadings(file, "system");
        foreach (var reading in file.Readings.Where(reading => reading.ExitCode == 0))
            readings.Add("the controller", reading.AtS, JsonLines.TryParse(string.Join('\n', reading.Lines)) is { } root ? Watts(root) : null);
        if (readings.Devices.Count == 0 && findings.TrueForAll(finding => finding.Severity != Severity.Invalid))
            findings.Add(new Finding("no-power", Severity.Invalid, $"{file.Path}: the board controller told no power; its energy is not used"));
        return (readings.Tracks(LongestJoinS(file), findings), Facts.Scopes, 1);
    }

    // Several entries are several supplies or domains of one chassis; the first is the chassis as a whole (schema Power, PowerControl).
    private static double? Watts(JsonElement root)
    {
        if (root.TryGetProperty("PowerControl", out var list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0
            && list[0].ValueKind == JsonValueKind.Object && list[0].TryGetProperty("PowerConsumedWatts", out var watts) && watts.ValueKind == JsonValueKind.Number)
            return watts.GetDouble();
        return root.TryGetProperty("PowerWatts", out var power) && power.ValueKind == JsonValueKind.Object
            && power.TryGetProperty("Reading", out var reading) && reading.ValueKind == JsonValueKind.Number
                ? reading.GetDouble()
                : null;
    }
}
