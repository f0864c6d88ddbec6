namespace MeterLab.Measurement.Clocks;

/// <summary>
/// The only way from one clock to another: y = x + offset + rate (x - x0), with the covariance of offset and rate, valid
/// in an interval of the source clock, and refusing to answer outside it.
/// </summary>
public sealed record ClockMap
{
    /// <summary>The clock whose readings are mapped.</summary>
    public required ClockId From { get; init; }

    /// <summary>The clock that they are mapped to.</summary>
    public required ClockId To { get; init; }

    /// <summary>x0, ns on <see cref="From"/>: where offset and rate are stated.</summary>
    public required long ReferenceNs { get; init; }

    /// <summary>The whole part of y - x at x0, ns. Kept apart because UTC in ns does not fit a double.</summary>
    public required long OffsetNs { get; init; }

    /// <summary>The fraction of y - x at x0, ns.</summary>
    public double OffsetFractionNs { get; init; }

    /// <summary>(dy - dx) / dx, dimensionless: 1e-6 is one ppm.</summary>
    public required double Rate { get; init; }

    /// <summary>Standard uncertainty of the offset at x0, ns.</summary>
    public required double OffsetUncertaintyNs { get; init; }

    /// <summary>Standard uncertainty of the rate, dimensionless.</summary>
    public required double RateUncertainty { get; init; }

    /// <summary>Covariance of offset (ns) and rate.</summary>
    public double OffsetRateCovariance { get; init; }

    /// <summary>The earliest reading of <see cref="From"/> that may be mapped, ns.</summary>
    public required long ValidFromNs { get; init; }

    /// <summary>The latest reading of <see cref="From"/> that may be mapped, ns.</summary>
    public required long ValidToNs { get; init; }

    /// <summary>Whether a reading lies within the interval that this map was fitted for.</summary>
    public bool Covers(long nanoseconds) => nanoseconds >= ValidFromNs && nanoseconds <= ValidToNs;

    /// <summary>
    /// The reading on <see cref="To"/> that belongs to one on <see cref="From"/>. Throws <see cref="InvalidOperationException"/>
    /// for another clock's reading and for one outside the fitted interval.
    /// </summary>
    public ClockReading Map(ClockReading reading)
    {
        Check(reading);
        var elapsed = reading.Nanoseconds - ReferenceNs;
        var correction = OffsetFractionNs + Rate * elapsed;
        return new ClockReading(To, reading.Nanoseconds + OffsetNs + (long)Math.Round(correction));
    }

    /// <summary>The standard uncertainty of <see cref="Map"/> at a reading, ns. Throws as <see cref="Map"/> does.</summary>
    public double UncertaintyNsAt(ClockReading reading)
    {
        Check(reading);
        double elapsed = reading.Nanoseconds - ReferenceNs;
        var variance = OffsetUncertaintyNs * OffsetUncertaintyNs
            + 2 * elapsed * OffsetRateCovariance
            + elapsed * elapsed * RateUncertainty * RateUncertainty;
        return Math.Sqrt(Math.Max(0, variance));
    }

    /// <summary>The same relation read the other way, with the same uncertainties to first order in the rate.</summary>
    public ClockMap Inverse()
    {
        // y0 is where the map puts x0; its whole part becomes the inverse's reference, the rest its fraction.
        var whole = (long)Math.Round(OffsetFractionNs);
        var reference = ReferenceNs + OffsetNs + whole;
        return this with
        {
            From = To,
            To = From,
            ReferenceNs = reference,
            OffsetNs = ReferenceNs - reference,
            OffsetFractionNs = (whole - OffsetFractionNs) / (1 + Rate),
            Rate = -Rate / (1 + Rate),
            ValidFromNs = Shift(ValidFromNs),
            ValidToNs = Shift(ValidToNs),
        };
    }

    private long Shift(long ns) => ns + OffsetNs + (long)Math.Round(OffsetFractionNs + Rate * (ns - ReferenceNs));

    private void Check(ClockReading reading)
    {
        if (reading.Clock != From)
            throw new InvalidOperationException($"This map leads from {From} to {To}; it cannot map a reading of {reading.Clock}.");
        if (!Covers(reading.Nanoseconds))
        {
            throw new InvalidOperationException(
                $"The map from {From} to {To} holds from {ValidFromNs} to {ValidToNs} ns; {reading.Nanoseconds} ns lies outside and is not extrapolated.");
        }
    }
}
