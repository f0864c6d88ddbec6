using MeterLab.Measurement.Calibration;

namespace MeterLab.Orchestrator.Calibration;

/// <summary>A calibration as the estimator's own settings, and what that loses.</summary>
public sealed record EstimatorConfiguration
{
    /// <summary>The file that the settings belong into.</summary>
    public required string File { get; init; }

    /// <summary>Settings that give gain and unseen power; <c>RAM_W</c> stands for what the estimator takes for the memory by itself.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>One factor for everything, where the estimator takes no constant power.</summary>
    public required IReadOnlyDictionary<string, string> FactorAlone { get; init; }

    /// <summary>How wrong the one factor is at the lowest and at the highest power of the fit, %.</summary>
    public required IReadOnlyList<double> FactorAloneErrorPct { get; init; }

    /// <summary>What the settings lose, in words.</summary>
    public required IReadOnlyList<string> Loses { get; init; }

    /// <summary>
    /// For CodeCarbon: it multiplies all components by <c>pue</c>, and <c>force_ram_power</c> is a constant power, so pue = gain and a memory that
    /// is unseen / gain watts larger give the law. Null for estimators without such settings.
    /// </summary>
    internal static EstimatorConfiguration? For(string estimator, CalibrationLaw law)
    {
        if (estimator != "codecarbon" || law.Gain <= 0 || law.Coefficients.Count != 2)
            return null;
        var (low, high) = law.EstimateW;
        var factor = low > 0 ? Math.Sqrt(Factor(law, low) * Factor(law, high)) : Factor(law, high);
        return new EstimatorConfiguration
        {
            File = ".codecarbon.config",
            Settings = new Dictionary<string, string>
            {
                ["pue"] = FormattableString.Invariant($"{law.Gain:0.####}"),
                ["force_ram_power"] = FormattableString.Invariant($"RAM_W {(law.UnseenW < 0 ? '-' : '+')} {Math.Abs(law.UnseenW / law.Gain):0.##}"),
            },
            FactorAlone = new Dictionary<string, string> { ["pue"] = FormattableString.Invariant($"{factor:0.####}") },
            FactorAloneErrorPct = low > 0 ? [(factor / Factor(law, low) - 1) * 100, (factor / Factor(law, high) - 1) * 100] : [0],
            Loses =
            [
                "uncertainty: the estimator writes one figure and no interval",
                "limits: nothing warns of powers outside the fit or of a machine that has changed",
                "meaning: the machine's unseen power is booked as memory, and the gain as a data centre's factor, which MeterLab and others take out again when they read the file",
                "versions: force_ram_power is a constant in version 3 only; older ones take the factor alone, which is right at one power only",
            ],
        };
    }

    private static double Factor(CalibrationLaw law, double power) => law.Gain + law.UnseenW / power;
}
