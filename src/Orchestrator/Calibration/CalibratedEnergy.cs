using MeterLab.Measurement;
using MeterLab.Measurement.Calibration;

namespace MeterLab.Orchestrator.Calibration;

/// <summary>An estimator's energy after a calibration.</summary>
/// <param name="EnergyJ">J; null where the calibration does not reach so far.</param>
/// <param name="UncertaintyJ">Expanded (95 %), J.</param>
/// <param name="K">Its factor.</param>
/// <param name="Findings">What limits it.</param>
internal sealed record CalibratedEnergy(double? EnergyJ, double? UncertaintyJ, double? K, IReadOnlyList<Finding> Findings)
{
    // Beyond the powers of the fit a law is an extrapolation; beyond twice (or below half) of them it is a guess.
    private const double Far = 2;
    private const double Tolerated = 0.02;

    // Runs much shorter or longer than those of the fit: start and end, and what warms up, weigh otherwise.
    private const double FarInTime = 3;

    /// <summary>Applies a calibration to a run.</summary>
    public static CalibratedEnergy Of(CalibrationEntry entry, double? estimateJ, double? durationS, double estimateStandardJ, IReadOnlyList<double> further)
    {
        var group = entry.Group;
        if (estimateJ is not { } estimate || durationS is not { } duration || !(duration > 0))
        {
            return new CalibratedEnergy(null, null, null, [new Finding("calibration-incomplete", Severity.Warning,
                $"{group}: without an energy and a duration above 0 there is nothing to calibrate")]);
        }

        var law = entry.ToLaw();
        var findings = new List<Finding>();
        var power = estimate / duration;
        var (low, high) = law.EstimateW;
        if (power > high * Far || power < low / Far)
        {
            return new CalibratedEnergy(null, null, null, [new Finding("extrapolation", Severity.Invalid, FormattableString.Invariant(
                $"{group}: the estimator saw {power:0.#} W, and the calibration was fitted between {low:0.#} and {high:0.#} W; so far outside it is refused"))]);
        }

        if (power > high * (1 + Tolerated) || power < low * (1 - Tolerated))
        {
            findings.Add(new Finding("extrapolation", Severity.Warning, FormattableString.Invariant(
                $"{group}: the estimator saw {power:0.#} W, outside the {low:0.#} to {high:0.#} W of the fit; the uncertainty holds only if the law does")));
        }

        if (duration > law.DurationS.High * FarInTime || duration < law.DurationS.Low / FarInTime)
        {
            findings.Add(new Finding("extrapolation-duration", Severity.Warning, FormattableString.Invariant(
                $"{group}: the run lasted {duration:0.#} s, those of the fit {law.DurationS.Low:0.#} to {law.DurationS.High:0.#} s")));
        }

        double[] terms = [.. further];
        return new CalibratedEnergy(
            law.At(estimate, duration, terms), law.RunUncertainty(estimate, duration, estimateStandardJ, terms), law.K, findings);
    }
}
