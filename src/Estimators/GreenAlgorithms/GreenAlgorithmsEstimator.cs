using MeterLab.Estimators.MlCo2Impact;
using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.GreenAlgorithms;

/// <summary>
/// The Green Algorithms calculator: rated power of the cores and cards, and watts a gigabyte, times the time; computed as a user would who
/// types the rig file in and leaves the usage at its default of 100 %. The job table of its form for clusters can be read.
/// </summary>
public sealed class GreenAlgorithmsEstimator : IEstimator
{
    private const double WattsPerGigabyte = 0.3725;

    // A user types what stands on the module: 64 for 64 GiB.
    private const double BytesPerTypedGigabyte = 1L << 30;

    /// <inheritdoc/>
    public EstimatorFacts Facts { get; } = new()
    {
        Name = "green-algorithms",
        Scopes = [Scope.CpuPackage, Scope.Gpu, Scope.Dram],
        Covers = "The rated power of the processor or the graphics cards that the workload says it uses, at full usage, and 0.3725 W a gigabyte of memory.",
        LeavesOut = "Load, board, fans, disks, the power supply's own loss. Its PUE (1.56 unless the user says otherwise) is left out here.",
        RunsOnTarget = false,
        Source = "github.com/GreenAlgorithms/green-algorithms-tool at 30df2fe; GreenAlgorithms4HPC v0.3 (c0f4709)",
        Clock = "None of its own: a person types hours in; the run's duration by the runner's stamps is used.",
        Install = "Nothing; the rig file names the parts (hardware: cpu, cpu-power, gpus, memory).",
        FormatVerified = false,
        Defects =
        [
            new KnownDefect("all", "memory counts by what was asked for, not by what was used"),
            new KnownDefect("all", "its page multiplies by a PUE of 1.56 and by repetitions; both are 1 here", "page-figure"),
        ],
    };

    /// <inheritdoc/>
    public EstimatorLaunch? Launch(EstimatorSettings settings, string run) => null;

    /// <inheritdoc/>
    public EstimatorOutput Read(IReadOnlyList<EstimatorFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        return JobTable.Read(Facts.Name, files);
    }

    /// <inheritdoc/>
    public RunEstimate Estimate(RunFacts run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var findings = new List<Finding>();
        var watts = new Dictionary<string, double?>();
        if (run.Device is not Device.Gpu)
            watts["cpu"] = Cpu(run.Hardware, findings);
        if (run.Device is not Device.Cpu)
            watts["gpu"] = Gpus(run.Hardware, findings);
        watts["ram"] = run.Hardware.MemoryBytes / BytesPerTypedGigabyte * WattsPerGigabyte;
        if (watts["ram"] is null)
            findings.Add(Unknown("the rig file does not say how much memory there is (hardware: memory)"));
        if (!(run.DurationS > 0))
            findings.Add(new Finding("duration", Severity.Invalid, "the run has no duration above 0 s"));
        var usable = run.DurationS > 0 && watts.Values.All(power => power is not null);
        var joules = usable ? watts.ToDictionary(part => part.Key, part => part.Value!.Value * run.DurationS) : [];
        if (usable)
            findings.Add(new Finding("page-figure", Severity.Note, FormattableString.Invariant($"a user of the page would have read {joules.Values.Sum() * 1.56 / 3.6e6:0.######} kWh, with its PUE of 1.56")));
        return new RunEstimate
        {
            Estimator = Facts.Name,
            EnergyJ = usable ? joules.Values.Sum() : null,
            ComponentsJ = joules,
            Scopes = run.Device switch { Device.Cpu => [Scope.CpuPackage, Scope.Dram], Device.Gpu => [Scope.Gpu, Scope.Dram], _ => Facts.Scopes },
            DurationS = run.DurationS,
            Findings = findings,
        };
    }

    private static double? Cpu(Hardware hardware, List<Finding> findings)
    {
        if (hardware.Cpu is { } cpu)
            return RatedPower.Of(cpu, HardwareKind.Cpu, findings);
        findings.Add(Unknown("the workload uses the processor, but the rig file names none (hardware: cpu, cpu-power)"));
        return null;
    }

    private static double? Gpus(Hardware hardware, List<Finding> findings)
    {
        if (hardware.Gpus.Count > 0)
            return hardware.Gpus.Aggregate((double?)0, (sum, gpu) => sum + RatedPower.Of(gpu, HardwareKind.Gpu, findings));
        findings.Add(Unknown("the workload uses graphics cards, but the rig file names none (hardware: gpus)"));
        return null;
    }

    private static Finding Unknown(string detail) => new("power-unknown", Severity.Invalid, detail);
}
