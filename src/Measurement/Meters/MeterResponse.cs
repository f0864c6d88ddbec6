namespace MeterLab.Measurement.Meters;

/// <summary>How a meter smooths and delays power before a value can be read (science of a reading: mean over a window, held until the next update).</summary>
public enum ResponseShape
{
    /// <summary>the mean over a window of <see cref="MeterResponse.AveragingSeconds"/></summary>
    Average,

    /// <summary>a first-order low-pass of time constant <see cref="MeterResponse.AveragingSeconds"/></summary>
    FirstOrder,
}

/// <summary>
/// value(k) = the power's mean over a window of length averaging that ended delay before it became readable, held until
/// the next update. Seconds throughout.
/// </summary>
/// <param name="UpdatePeriodSeconds">Time between new values.</param>
/// <param name="AveragingSeconds">Length of the window, or the time constant of a first-order filter.</param>
/// <param name="DelaySeconds">From the end of the window until the value can be read.</param>
/// <param name="Shape">Window or filter.</param>
public sealed record MeterResponse(
    double UpdatePeriodSeconds, double AveragingSeconds, double DelaySeconds, ResponseShape Shape = ResponseShape.Average)
{
    /// <summary>Whether <see cref="AveragingSeconds"/> is known, or only taken as the update period.</summary>
    public bool AveragingKnown { get; init; }

    /// <summary>Whether <see cref="DelaySeconds"/> is known, or only taken as 0: the truth lies between 0 and an update period then.</summary>
    public bool DelayKnown { get; init; }
}
