using System.Globalization;

using MeterLab.Estimators.MlCo2Impact;
using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.CpuLoad;

/// <summary>
/// Estimators that need nothing on the target: the processor's rated power x a curve of its load. Three curves: <c>cpu-tdp</c> takes no
/// notice of the load; <c>cpu-load</c> is the straight line P = TDP x load; <c>codecarbon-cpu-load</c> is what CodeCarbon 3 uses where
/// it has no sensor, P = TDP x (0.1 + 0.9 x load³). The load is that of each recorded interval, or the run's mean.
/// </summary>
public sealed class CpuLoadEstimator : IEstimator
{
    // Intervals may miss this share of the run at its edges.
    private const double CoverageSlack = 0.02;

    private readonly Func<double, double> _curve;
    private readonly bool _bent;
    private readonly bool _constant;

    private CpuLoadEstimator(string name, string covers, string source, Func<double, double> curve, bool bent = false, bool constant = false)
    {
        _curve = curve;
        _bent = bent;
        _constant = constant;
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

    /// <summary>P = TDP.</summary>
    public static CpuLoadEstimator Constant { get; } = new(
        "cpu-tdp", "The processor, as its rated power for as long as the run takes, busy or not.", "MeterLab's own model", _ => 1, constant: true);

    /// <summary>P = TDP x load.</summary>
    public static CpuLoadEstimator Linear { get; } = new(
        "cpu-load", "The processor, as its rated power times its mean load.", "MeterLab's own model", load => load);

    /// <summary>CodeCarbon's curve, of every recorded interval or over the mean load of the whole run.</summary>
    public static CpuLoadEstimator CodeCarbonCurve { get; } = new(
        "codecarbon-cpu-load",
        "The processor, as CodeCarbon 3 models it without a sensor: rated power times (0.1 + 0.9 load³).",
        "github.com/mlco2/codecarbon 3.0.4 to 3.3.0, machine mode",
        load => 0.1 + 0.9 * load * load * load, bent: true);

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
        var share = Share(run, findings);
        var power = Power(run.Hardware, findings);
        double? energy = share is { } mean && power is { } rated ? rated * mean * run.DurationS : null;
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

    /// <summary>The mean share of the rated power over the run, or null with a finding that says why.</summary>
    private double? Share(RunFacts run, List<Finding> findings)
    {
        if (!(run.DurationS > 0))
        {
            findings.Add(Invalid("duration", "the run has no duration above 0 s"));
            return null;
        }

        if (_constant)
            return 1;
        if (OfIntervals(run, findings) is { } share)
            return share;
        if (CpuTime.MeanLoad(run, findings) is not { } load)
            return null;
        if (_bent)
            findings.Add(new Finding("mean-load", Severity.Note, "codecarbon takes the curve of every single reading; that of the mean load is lower where the load varies"));
        return _curve(load);
    }

    // Where the recorded intervals leave a part of the run out, the run's sums know more than they.
    private double? OfIntervals(RunFacts run, List<Finding> findings)
    {
        var (covered, weighted) = (0.0, 0.0);
        foreach (var interval in run.Utilisation)
        {
            var seconds = (Math.Min(interval.ToTargetNs, run.EndTargetNs) - Math.Max(interval.FromTargetNs, run.StartTargetNs)) / 1e9;
            if (seconds <= 0 || interval.Load is not (>= 0 and <= CpuTime.FullLoad))
                continue;
            covered += seconds;
            weighted += seconds * _curve(Math.Min(interval.Load, 1));
        }

        if (covered >= (1 - CoverageSlack) * run.DurationS)
            return weighted / covered;
        if (run.Utilisation.Count > 0)
            findings.Add(new Finding("utilisation-gaps", Severity.Note, string.Create(CultureInfo.InvariantCulture, $"the recorded utilisation covers {covered:0.0} s of {run.DurationS:0.0} s and is not used")));
        return null;
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
