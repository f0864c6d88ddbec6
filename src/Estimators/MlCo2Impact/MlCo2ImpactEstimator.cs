using System.Globalization;
using System.Numerics;

using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.MlCo2Impact;

/// <summary>
/// The ML CO2 Impact calculator: rated power x time, nothing measured. MeterLab uses the product unrounded; the page itself shows kWh with
/// two decimals, which makes nothing of a short run, and that figure is kept as a note.
/// </summary>
public sealed class MlCo2ImpactEstimator : IEstimator
{
    // Binary places that hold every digit of a kWh figure above 1e-60.
    private const int Fraction = 256;

    /// <inheritdoc/>
    public EstimatorFacts Facts { get; } = new()
    {
        Name = "ml-co2-impact",
        Scopes = [Scope.CpuPackage, Scope.Gpu],
        Covers = "The rated power of the processor or the graphics cards that the workload says it uses, for as long as it runs.",
        LeavesOut = "Load: a part counts fully however busy it is. Memory, board, fans, the power supply's own loss.",
        RunsOnTarget = false,
        Source = "github.com/mlco2/impact at d0d3ee5 (2026-03-09)",
        Clock = "None of its own: a person types hours in; the run's duration by the runner's stamps is used.",
        Install = "Nothing; the rig file names the parts (hardware: cpu, cpu-power, gpus).",
        Defects =
        [
            new KnownDefect("all", "the page rounds to 0.01 kWh: anything under 18 kJ reads 0.00 kWh", "page-figure"),
            new KnownDefect("2024-10-22 to 2024-12-21", "the RTX 4090 was listed at 300 W; since then at 450 W", "listed-power"),
            new KnownDefect("d0d3ee5", "some rows are doubtful: GTX 750 (250 W), both V100 16GB (swapped), A100 PCIe (two cards in one), E5-2650 (the v4's figure)", "listed-power"),
        ],
    };

    /// <inheritdoc/>
    public EstimatorLaunch? Launch(EstimatorSettings settings, string run) => null;

    /// <inheritdoc/>
    public EstimatorOutput Read(IReadOnlyList<EstimatorFile> files) =>
        throw new ConfigurationException("ml-co2-impact is computed from the rig file and writes no file that could be read");

    /// <inheritdoc/>
    public RunEstimate Estimate(RunFacts run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var findings = new List<Finding>();
        var cpuW = run.Device is Device.Gpu ? 0 : Cpu(run.Hardware, findings);
        var gpuW = run.Device is Device.Cpu ? 0 : Gpus(run.Hardware, findings);
        if (cpuW is not { } cpu || gpuW is not { } gpu || !(run.DurationS > 0))
        {
            if (!(run.DurationS > 0))
                findings.Add(new Finding("duration", Severity.Invalid, "the run has no duration above 0 s"));
            return Result(run, null, [], findings);
        }

        var energy = (cpu + gpu) * run.DurationS;
        findings.Add(new Finding("page-figure", Severity.Note, $"a user of the page would have read {PageKwh(cpu + gpu, run.DurationS / 3600)} kWh"));
        var components = new Dictionary<string, double>();
        if (run.Device is not Device.Gpu)
            components["cpu"] = cpu * run.DurationS;
        if (run.Device is not Device.Cpu)
            components["gpu"] = gpu * run.DurationS;
        return Result(run, energy, components, findings);
    }

    /// <summary>
    /// What the page prints: <c>(watts * hours / 1000).toFixed(2)</c> of JavaScript, which rounds the exact binary value and a tie upwards.
    /// .NET's own formats round ties otherwise.
    /// </summary>
    internal static string PageKwh(double watts, double hours)
    {
        var kwh = watts * hours / 1000;
        var scaled = new BigInteger(Math.ScaleB(kwh, Fraction)) * 100;
        var hundredths = (scaled + (BigInteger.One << (Fraction - 1))) >> Fraction;
        return ((decimal)hundredths / 100).ToString("0.00", CultureInfo.InvariantCulture);
    }

    private RunEstimate Result(RunFacts run, double? energy, Dictionary<string, double> components, List<Finding> findings) => new()
    {
        Estimator = Facts.Name,
        EnergyJ = energy,
        ComponentsJ = components,
        Scopes = run.Device switch { Device.Cpu => [Scope.CpuPackage], Device.Gpu => [Scope.Gpu], _ => Facts.Scopes },
        DurationS = run.DurationS,
        Findings = findings,
    };

    private static double? Cpu(Hardware hardware, List<Finding> findings)
    {
        if (hardware.Cpu is { } cpu)
            return RatedPower.Of(cpu, HardwareKind.Cpu, findings);
        findings.Add(new Finding("power-unknown", Severity.Invalid, "the workload uses the processor, but the rig file names none (hardware: cpu, cpu-power)"));
        return null;
    }

    // One unknown card makes the sum unknown: a part of it would pass for the whole.
    private static double? Gpus(Hardware hardware, List<Finding> findings)
    {
        if (hardware.Gpus.Count == 0)
        {
            findings.Add(new Finding("power-unknown", Severity.Invalid, "the workload uses graphics cards, but the rig file names none (hardware: gpus)"));
            return null;
        }

        double? sum = 0;
        foreach (var gpu in hardware.Gpus)
            sum += RatedPower.Of(gpu, HardwareKind.Gpu, findings);
        return sum;
    }
}
