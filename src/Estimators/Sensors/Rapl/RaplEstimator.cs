using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.Sensors.Rapl;

/// <summary>
/// The processor's own energy counters, read through the kernel's powercap class. Two views that are never added: <c>rapl</c> is the packages
/// and their memory, <c>rapl-psys</c> the platform domain, which has both inside and whose extent the board's maker decides.
/// </summary>
public sealed class RaplEstimator : SensorEstimator
{
    private const string Root = "/sys/class/powercap";

    private readonly IReadOnlyList<string> _components;

    private RaplEstimator(string name, IReadOnlyList<string> components, IReadOnlyList<Scope> scopes, string covers, string leavesOut)
    {
        _components = components;
        Facts = new EstimatorFacts
        {
            Name = name,
            Scopes = scopes,
            Covers = covers,
            LeavesOut = leavesOut,
            RunsOnTarget = true,
            Source = "Linux, Documentation/power/powercap/powercap.rst; Khan et al. 2018, RAPL in Action; Schöne et al. 2021 for AMD Zen 2",
            Clock = "The target's clock just before and just after each reading; the counters move about every millisecond and have no stamp of their own.",
            Install = "Nothing to install; energy_uj must be readable by the account: chmod a+r /sys/class/powercap/*/energy_uj after each start, or a udev rule.",
            OwnFiles = [name + "*.samples"],
            Needs =
            [
                new TargetNeed(NeedKind.Program, "sh", Essential: true, "it cannot be read"),
                TargetNeed.Rapl(essential: true, "there is nothing to read (virtual machines have none; since Linux 5.10 only root may read it: chmod a+r)") with { Root = Root },
            ],
            FormatVerified = false,
            Defects =
            [
                new KnownDefect("Intel before Haswell, AMD Zen 1 and 2", "the counter is a model of events, not a measurement"),
                new KnownDefect("AMD with several dies", "each die shows the socket's counter", "mirrored-die"),
                new KnownDefect("all", "counters start again: 65 kJ at 300 W is 3.6 minutes", "counter-wrap"),
            ],
        };
    }

    /// <summary>Packages and memory.</summary>
    public static RaplEstimator PackageAndMemory { get; } = new(
        "rapl", ["cpu", "ram"], [Scope.CpuPackage, Scope.Dram],
        "Every processor package and the memory domains beside it, by the counters of the processor itself.",
        "Graphics cards, board, fans, disks, the power supply's own loss; memory where the processor has no domain for it (AMD, most clients).");

    /// <summary>The platform.</summary>
    public static RaplEstimator Platform { get; } = new(
        "rapl-psys", ["system"], [Scope.Psys],
        "The platform domain, where the board has one: what lies in it is the board maker's decision, often processor, memory and part of the board.",
        "Whatever the board's maker left out, which is told nowhere; the power supply's own loss.");

    /// <inheritdoc/>
    public override EstimatorFacts Facts { get; }

    private protected override double DefaultIntervalS => 0.1;

    private protected override IReadOnlyList<string> Kinds { get; } = ["rapl"];

    private protected override IReadOnlyList<string> Arguments(EstimatorSettings settings) => [settings.Root ?? Root];

    private protected override (IReadOnlyList<SensorTrack> Tracks, IReadOnlyList<Scope> Scopes, double StepW) Tracks(SensorFile file, List<Finding> findings)
    {
        var (tracks, components) = RaplZones.Of(file, _components, findings);
        return (tracks, [.. components.Select(component => component switch { "cpu" => Scope.CpuPackage, "ram" => Scope.Dram, _ => Scope.Psys })], 0);
    }
}
