using System.Globalization;
using System.Text.RegularExpressions;

using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.Sensors.Bmc;

/// <summary>The board controller's power by IPMI's DCMI extension: <c>ipmitool dcmi power reading</c>, asked again and again.</summary>
public sealed partial class IpmiDcmiEstimator : SensorEstimator
{
    /// <inheritdoc/>
    public override EstimatorFacts Facts { get; } = new()
    {
        Name = "ipmi-dcmi",
        Scopes = [Scope.WallAc],
        Covers = "The whole machine as its board controller tells it: what the power supplies say they draw, in whole watts.",
        LeavesOut = "On boards whose controller measures behind the supplies, their loss; what the controller's own averaging takes away.",
        RunsOnTarget = true,
        Source = "DCMI 1.5, Get Power Reading; ipmitool 1.8",
        Clock = "The target's clock just before and just after each question; the controller's value may be seconds older.",
        Install = "ipmitool on the PATH or named by command:, the kernel modules ipmi_si and ipmi_devintf, and the right to open /dev/ipmi0 (as a rule root).",
        OwnFiles = ["ipmi-dcmi*.samples"],
        VersionQuery = ["ipmitool", "-V"],
        Program = "ipmitool",
        Needs =
        [
            new TargetNeed(NeedKind.Program, "ipmitool", Essential: true, "the board controller cannot be asked"),
            new TargetNeed(NeedKind.ReadableFile, "/dev/ipmi*", Essential: false, "there is no way to a board controller (modprobe ipmi_devintf, and rights)"),
        ],
        FormatVerified = false,
        Defects =
        [
            new KnownDefect("all", "whole watts, refreshed every second or less often", "bmc-refresh"),
            new KnownDefect("some boards", "the reading is switched off and stays 0", "bmc-inactive"),
        ],
    };

    private protected override double DefaultIntervalS => 1;

    private protected override IReadOnlyList<string> Kinds { get; } = ["run"];

    private protected override IReadOnlyList<string> Arguments(EstimatorSettings settings) => [settings.Command ?? "ipmitool", "dcmi", "power", "reading"];

    private protected override (IReadOnlyList<SensorTrack> Tracks, IReadOnlyList<Scope> Scopes, double StepW) Tracks(SensorFile file, List<Finding> findings)
    {
        PowerReadings.TellFailures(file, "ipmitool", findings);
        var readings = new PowerReadings(file, "system");
        var inactive = 0;
        var periods = new HashSet<int>();
        foreach (var reading in file.Readings.Where(reading => reading.ExitCode == 0))
        {
            var text = string.Join('\n', reading.Lines);
            if (State().Match(text) is { Success: true } state && state.Groups[1].Value != "activated")
            {
                inactive++;
                continue;
            }

            readings.Add("the controller", reading.AtS, Power().Match(text) is { Success: true } power ? double.Parse(power.Groups[1].Value, CultureInfo.InvariantCulture) : null);
            if (Period().Match(text) is { Success: true } period && int.TryParse(period.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
                periods.Add(seconds);
        }

        if (inactive > 0)
            findings.Add(new Finding("bmc-inactive", Severity.Invalid, $"the board controller's power reading was not activated in {inactive} of {file.Readings.Count} readings (ipmitool dcmi power activate); its energy is not used"));
        else if (readings.Devices.Count == 0 && findings.TrueForAll(finding => finding.Severity != Severity.Invalid))
            findings.Add(new Finding("no-power", Severity.Invalid, $"{file.Path}: the board controller told no power; its energy is not used"));
        if (periods.Count > 0)
            findings.Add(new Finding("bmc-refresh", Severity.Note, $"whole watts over the controller's sampling period of {string.Join(" or ", periods.Order())} s; at its edges a run may be off by that time"));
        return (readings.Tracks(LongestJoinS(file), findings), Facts.Scopes, 1);
    }

    [GeneratedRegex(@"^\s*Instantaneous power reading:\s*(\d+) Watts\s*$", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Power();

    [GeneratedRegex(@"^\s*Sampling period:\s*0*(\d+) Seconds?\.?\s*$", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Period();

    [GeneratedRegex(@"^\s*Power reading state is:\s*(\S+)\s*$", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex State();
}
