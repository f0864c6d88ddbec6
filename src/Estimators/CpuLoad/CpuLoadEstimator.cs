using System.Globalization;

using MeterLab.Estimators.MlCo2Impact;
using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.CpuLoad;

/// <summary>
/// A dynamic estimator that needs nothing on the target: the processor's rated power x a curve of its mean load over the run, the load taken
/// from the target's own accounting of CPU time. Two curves: <c>cpu-load</c> is the straight line P = TDP x load;
/// <c>codecarbon-cpu-load</c> is what CodeCarbon 3 uses where it has no sensor, P = TDP x (0.1 + 0.9 x load³).
/// </summary>
public sealed class CpuLoadEstimator : IEstimator
{
    // CPU time is counted in steps and read a moment before and after the stamps: this much above 1 is still full load.
    private const double FullLoad = 1.05;

    private readonly Func<double, double> _curve;
    private readonly string? _reservation;

    private CpuLoadEstimator(string name, string covers, string source, Func<double, double> curve, string? reservation)
    {
        _curve = curve;
        _reservation = reservation;
        Facts = new EstimatorFacts
        {
            Name = name,
            Scopes = [Scope.CpuPackage],
            Covers = covers,
            LeavesOut = "Memory, graphics cards, board, fans, the power supply's own loss; clock rates and what kind of instructions keep the processor busy.",
            RunsOnTarget = false,
            Source = source,
            Clock = "None of its own: the run's duration by the runner's stamps, the load from the target's CPU accounting (steps of 10 ms as a rule).",
            Install = "Nothing; the rig file names the processor and its power (hardware: cpu, cpu-power).",
        };
    }

    /// <summary>P = TDP x load.</summary>
    public static CpuLoadEstimator Linear { get; } = new(
        "cpu-load", "The processor, as its rated power times its mean load.", "MeterLab's own model", load => load, null);

    /// <summary>CodeCarbon's curve over the mean load of the whole run.</summary>
    public static CpuLoadEstimator CodeCarbonCurve { get; } = new(
        "codecarbon-cpu-load",
        "The processor, as CodeCarbon 3 models it without a sensor: rated power times (0.1 + 0.9 load³).",
        "github.com/mlco2/codecarbon 3.0.4 to 3.3.0, machine mode",
        load => 0.1 + 0.9 * load * load * load,
        "codecarbon takes the curve of every single reading; that of the mean load is lower where the load varies");

    /// <inheritdoc/>
    public EstimatorFacts Facts { get; }

    /// <inheritdoc/>
    public EstimatorLaunch? Launch(EstimatorSettings settings, string run) => null;

    /// <inheritdoc/>
    public EstimatorOutput Read(IReadOnlyList<EstimatorFile> files) =>
        throw new ConfigurationException($"{Facts.Name} is computed from the target's CPU time and writes no file that could be read");

    /// <inheritdoc/>
    public RunEstimate Estimate(RunFacts run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var findings = new List<Finding>();
        var load = Load(run, findings);
        var power = Power(run.Hardware, findings);
        double? energy = load is { } mean && power is { } rated ? rated * _curve(mean) * run.DurationS : null;
        if (energy is not null && _reservation is not null)
            findings.Add(new Finding("mean-load", Severity.Note, _reservation));
        return new RunEstimate
        {
            Estimator = Facts.Name,
            EnergyJ = energy,
            ComponentsJ = energy is { } joules ? new Dictionary<string, double> { ["cpu"] = joules } : [],
            Scopes = Facts.Scopes,
            DurationS = run.DurationS,
            Findings = findings,
        };
    }

    private static double? Load(RunFacts run, List<Finding> findings)
    {
        if (run.Hardware.LogicalCpus is not > 0 || !(run.DurationS > 0))
        {
            findings.Add(Invalid("load-unknown", "the number of logical processors or the duration of the run is not known, so the load cannot be worked out"));
            return null;
        }

        if ((run.MachineCpuSeconds ?? run.CpuSeconds) is not { } seconds || !(seconds >= 0))
        {
            findings.Add(Invalid("load-unknown", "the target did not tell how much CPU time the run took"));
            return null;
        }

        if (run.MachineCpuSeconds is null)
            findings.Add(new Finding("load-of-workload", Severity.Note, "only the workload's own CPU time is known; what else kept the processor busy is missing in the load"));
        var load = seconds / (run.DurationS * run.Hardware.LogicalCpus.Value);
        if (load > FullLoad)
        {
            findings.Add(Invalid("load-above-full", string.Create(CultureInfo.InvariantCulture,
                $"{seconds:0.##} s of CPU time in {run.DurationS:0.##} s is more than {run.Hardware.LogicalCpus} logical processors can give")));
            return null;
        }

        return Math.Min(load, 1);
    }

    private static double? Power(Hardware hardware, List<Finding> findings)
    {
        if (hardware.Cpu is { } cpu)
            return RatedPower.Of(cpu, HardwareKind.Cpu, findings);
        findings.Add(Invalid("power-unknown", "the rig file names no processor (hardware: cpu, cpu-power)"));
        return null;
    }

    private static Finding Invalid(string rule, string detail) => new(rule, Severity.Invalid, detail);
}
