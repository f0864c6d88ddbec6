using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.Sensors.Amd;

/// <summary>AMD's cards by the kernel's hwmon, which costs least, or by amd-smi or rocm-smi.</summary>
public sealed class AmdGpuEstimator : SensorEstimator
{
    private const string Root = "/sys/class/hwmon";
    private const string Sources = "cards";

    /// <inheritdoc/>
    public override EstimatorFacts Facts { get; } = new()
    {
        Name = "amd-gpu",
        Scopes = [Scope.Gpu],
        Covers = "Every AMD card that tells a power: the package on most, the whole board on some.",
        LeavesOut = "The power supply's loss; on many cards the memory and regulators outside the package; the processor and everything else.",
        RunsOnTarget = true,
        Source = "Linux amdgpu hwmon; rocm-smi and amd-smi of ROCm 5 to 7",
        Clock = "The target's clock just before and just after each reading.",
        Install = "Nothing where the kernel's amdgpu driver runs; else ROCm's amd-smi or rocm-smi on the PATH or named by command:.",
        OwnFiles = ["amd-gpu*.samples"],
        Program = "rocm-smi",
        Needs =
        [
            new TargetNeed(NeedKind.Program, "sh", Essential: true, "it cannot be read"),
            new TargetNeed(NeedKind.ReadableFile, Root + "/*/power1_*", Essential: false, "the kernel's driver tells no power") { Root = Root, OneOf = Sources },
            new TargetNeed(NeedKind.Program, "rocm-smi", Essential: false, "ROCm's older tool is not there") { OneOf = Sources },
            new TargetNeed(NeedKind.Program, "amd-smi", Essential: false, "ROCm's newer tool is not there") { OneOf = Sources },
        ],
        FormatVerified = false,
        Defects =
        [
            new KnownDefect("rocm-smi, all", "the key of the power changes with version and card"),
            new KnownDefect("MI250 and its like", "the first of a card's two dies tells for both"),
        ],
    };

    private protected override double DefaultIntervalS => 0.5;

    private protected override IReadOnlyList<string> Kinds { get; } = ["amd"];

    private protected override IReadOnlyList<string> Arguments(EstimatorSettings settings) =>
        settings.Command is { } program ? [settings.Root ?? Root, program] : [settings.Root ?? Root];

    private protected override (IReadOnlyList<SensorTrack> Tracks, IReadOnlyList<Scope> Scopes, double StepW) Tracks(SensorFile file, List<Finding> findings)
    {
        PowerReadings.TellFailures(file, "the program for AMD's cards", findings);
        var readings = new PowerReadings(file, "gpu");
        foreach (var reading in file.Readings.Where(reading => reading.ExitCode == 0))
        {
            foreach (var (card, watts) in AmdPower.Of(reading))
                readings.Add(card, reading.AtS, watts);
        }

        if (readings.Devices.Count == 0)
            findings.Add(new Finding("no-card", Severity.Invalid, $"{file.Path}: no card told its power; its energy is not used"));
        return (readings.Tracks(LongestJoinS(file), findings), Facts.Scopes, 0);
    }
}
