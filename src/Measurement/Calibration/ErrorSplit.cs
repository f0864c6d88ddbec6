namespace MeterLab.Measurement.Calibration;

/// <summary>
/// An estimator's error on a run, taken apart by a calibration; all in percent of the meter's energy, negative where the estimator says too
/// little. The four parts sum to the error.
/// </summary>
/// <param name="ErrorPct">(estimate - meter) / meter.</param>
/// <param name="GainPct">Because every joule it sees counts gain times: (1 - gain) x estimate.</param>
/// <param name="StaticPct">Because it does not see a constant power: - unseen power x duration.</param>
/// <param name="WindowPct">Because its window is shorter or longer than the meter's: mean power x (its window - the meter's); 0 where nobody knows its window.</param>
/// <param name="RestPct">What the law does not explain: scatter, and the meter.</param>
public sealed record ErrorSplit(double ErrorPct, double GainPct, double StaticPct, double WindowPct, double RestPct)
{
    /// <summary>Splits the error of a run.</summary>
    /// <param name="law">The calibration.</param>
    /// <param name="estimateJ">What the estimator said, J.</param>
    /// <param name="meterJ">What the meter said, J, above 0.</param>
    /// <param name="durationS">The meter's window, s, above 0.</param>
    /// <param name="estimateDurationS">The estimator's own window, s; null where unknown.</param>
    public static ErrorSplit Of(CalibrationLaw law, double estimateJ, double meterJ, double durationS, double? estimateDurationS = null)
    {
        ArgumentNullException.ThrowIfNull(law);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(meterJ);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(durationS);
        var error = (estimateJ - meterJ) / meterJ * 100;
        var window = estimateDurationS is { } own ? (own - durationS) / durationS * 100 : 0;
        // What the estimator would have said over the meter's window; the difference is the window's doing.
        var whole = estimateJ - window / 100 * meterJ;
        var gain = (1 - law.Gain) * whole / meterJ * 100;
        var unseen = -law.UnseenW * durationS / meterJ * 100;
        return new ErrorSplit(error, gain, unseen, window, error - gain - unseen - window);
    }
}
