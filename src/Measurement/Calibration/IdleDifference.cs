namespace MeterLab.Measurement.Calibration;

/// <summary>
/// What an idle machine says about a calibration: the meter's idle power is gain x (the estimator's own claim at idle) + unseen power.
/// A row that no workload gave, and so a check on the fit, or its prior.
/// </summary>
/// <param name="IdleW">The machine's idle power by the meter, W.</param>
/// <param name="IdleStandardW">Its standard uncertainty, W, above 0.</param>
/// <param name="EstimateW">What the estimator claims at idle, W.</param>
/// <param name="EstimateStandardW">Its standard uncertainty, W.</param>
public sealed record IdleDifference(double IdleW, double IdleStandardW, double EstimateW, double EstimateStandardW)
{
    /// <summary>The unseen power that idling implies for a gain, W.</summary>
    public double UnseenW(double gain) => IdleW - gain * EstimateW;

    /// <summary>Standard uncertainty of <see cref="UnseenW"/> for a gain that is known, W.</summary>
    public double StandardW(double gain) =>
        Math.Sqrt(IdleStandardW * IdleStandardW + gain * gain * EstimateStandardW * EstimateStandardW);

    /// <summary>
    /// By how many standard uncertainties the fit's power at idle lies above the meter's; beyond 2 the two disagree: the machine idles in
    /// a state that no workload sees, or the estimator sees another share of it under load.
    /// </summary>
    public double Disagreement(CalibrationLaw law)
    {
        ArgumentNullException.ThrowIfNull(law);
        var fit = SymmetricSystem.Quadratic(law.Covariance, [EstimateW, 1]);
        var own = StandardW(law.Gain);
        return (law.Gain * EstimateW + law.UnseenW - IdleW) / Math.Sqrt(fit + own * own);
    }
}
