namespace MeterLab.Measurement.Meters;

/// <summary>
/// Limits of error as a data sheet states them: +/- (<see cref="ReadingPercent"/> of reading + <see cref="RangePercent"/> of
/// <see cref="Range"/> + <see cref="Absolute"/>). Rectangular unless said: a limit a becomes a standard uncertainty a / sqrt(3)
/// (JCGM 100:2008, 4.3.7).
/// </summary>
public sealed record AccuracyLimit
{
    /// <summary>Percent of the reading.</summary>
    public double ReadingPercent { get; init; }

    /// <summary>Percent of <see cref="Range"/>.</summary>
    public double RangePercent { get; init; }

    /// <summary>The range that <see cref="RangePercent"/> refers to, in the quantity's unit; null where that part is 0.</summary>
    public double? Range { get; init; }

    /// <summary>An absolute part, in the quantity's unit.</summary>
    public double Absolute { get; init; }

    /// <summary>The limit that grows with the reading, as a factor: 0.01 for class 1.</summary>
    public double GainLimit => ReadingPercent / 100;

    /// <summary>The limit that does not depend on the reading, in the quantity's unit.</summary>
    public double OffsetLimit => RangePercent / 100 * (Range ?? 0) + Absolute;

    /// <summary>Standard uncertainty of one reading from gain and offset together, in the quantity's unit.</summary>
    public double StandardUncertainty(double value)
    {
        var gain = GainLimit * value;
        return Math.Sqrt((gain * gain + OffsetLimit * OffsetLimit) / 3);
    }
}
