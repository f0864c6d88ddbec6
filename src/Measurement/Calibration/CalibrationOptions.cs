namespace MeterLab.Measurement.Calibration;

/// <summary>What a fit is told beside the runs.</summary>
public sealed record CalibrationOptions
{
    /// <summary>The meter's relative standard uncertainty that all runs share (its gain), 1: it limits gain and unseen power, and no number of runs shrinks it.</summary>
    public double MeterGainRelative { get; init; }

    /// <summary>What idling says about the unseen power; null where it is not to be used.</summary>
    public IdleDifference? Prior { get; init; }

    /// <summary>The unseen power left out of the model: for estimators of which it is known to be 0, and where nothing tells it from the gain.</summary>
    public bool GainOnly { get; init; }
}
