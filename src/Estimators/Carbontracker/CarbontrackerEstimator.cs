using MeterLab.Estimators.Attribution;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.Carbontracker;

/// <summary>
/// Carbontracker 1.2 to 2.4: mean power of each training epoch times its duration. As a program it can only wrap a command and loses that
/// command's exit code, so it wraps one that waits for the end of the run and measures the machine beside the workload.
/// </summary>
public sealed class CarbontrackerEstimator : FileEstimator
{
    /// <inheritdoc/>
    public override EstimatorFacts Facts { get; } = new()
    {
        Name = "carbontracker",
        Scopes = [Scope.CpuPackage, Scope.Dram, Scope.Gpu],
        Covers = "Processor package and memory by RAPL (seen for 1 s of every 2 s), or half the TDP of a processor of a similar name; graphics boards by their power sensor once a second.",
        LeavesOut = "Everything between epochs; memory without RAPL, fans, board, disks, the power supply's own loss.",
        RunsOnTarget = true,
        Source = "github.com/saintslab/carbontracker 2.4.3 (2025-11-18)",
        Clock = "Epochs by the wall clock to 0.01 s; log lines in local time without a zone in whole seconds (launched with TZ=UTC; the Z in its file names is wrong).",
        Install = "pip install carbontracker, with carbontracker on the PATH or named by command:. RAPL must be readable by its account; without, its CPU figure is a constant.",
        OwnFiles = ["*carbontracker.log", "*carbontracker_output.log", "*carbontracker_err.log"],
        Needs =
        [
            new TargetNeed(NeedKind.Program, "carbontracker", Essential: true, "it cannot be started"),
            TargetNeed.Rapl(essential: false, "the processor counts as half of a TDP, whatever the load"),
            TargetNeed.Nvidia(essential: false, "graphics cards are not counted"),
        ],
        Defects =
        [
            new KnownDefect("all", "a wrap of any RAPL counter makes the whole sample 0 W: one every 65 kJ or 262 kJ", "rapl-wrap"),
            new KnownDefect("all", "the printed energy is multiplied by a PUE of 1.58 (1.55 in 1.1.7 to 1.2.5); it is taken out here"),
            new KnownDefect("before 2.0.2", "memory was never read, although documented"),
            new KnownDefect("2.2.0 to 2.4.3", "without RAPL the first processor of a similar name is taken, at half its TDP", "constant-power"),
            new KnownDefect("all", "an epoch shorter than a sample takes the power of another one", "epoch-without-sample"),
            new KnownDefect("2.4.3", "its own parser reads one device only and mixes predictions in; the logs are read here instead"),
            new KnownDefect("2.4.3", "the command line does not pass on the exit code of the command it wraps; here it wraps none of yours"),
        ],
    };

    /// <inheritdoc/>
    public override EstimatorLaunch? Launch(EstimatorSettings settings, string run)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.SelfTracked
            ? null
            : new EstimatorLaunch(
                [settings.Command ?? "carbontracker", "--log_dir=.", .. EstimatorLaunch.Holder], EstimatorLaunch.Plain,
                EstimatorLaunch.NoSignal, StartTimeS: 10, StopTimeS: 30, ReadyText: "The following components were found");
    }

    private protected override ClaimSet Open(IReadOnlyList<EstimatorFile> files) => CarbontrackerReader.Read(files);
}
