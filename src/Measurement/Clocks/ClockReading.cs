namespace MeterLab.Measurement.Clocks;

/// <summary>One reading of one clock, in nanoseconds of that clock. The default value belongs to no clock.</summary>
public readonly record struct ClockReading(ClockId Clock, long Nanoseconds)
{
    /// <summary>
    /// The nanoseconds from <paramref name="earlier"/> to <paramref name="later"/>.
    /// Throws <see cref="InvalidOperationException"/> where the two are of different clocks.
    /// </summary>
    public static long operator -(ClockReading later, ClockReading earlier) =>
        later.Clock == earlier.Clock
            ? later.Nanoseconds - earlier.Nanoseconds
            : throw new InvalidOperationException(
                $"A reading of {later.Clock} and one of {earlier.Clock} have no difference; map one clock to the other first.");

    /// <summary>The reading this many nanoseconds later on the same clock.</summary>
    public ClockReading Plus(long nanoseconds) => this with { Nanoseconds = Nanoseconds + nanoseconds };
}
