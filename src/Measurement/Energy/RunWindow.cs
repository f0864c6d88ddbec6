namespace MeterLab.Measurement.Energy;

/// <summary>
/// The stretch of the lab's line whose energy is asked, end exclusive, with what is not known about its edges.
/// </summary>
/// <param name="StartNs">Start, ns.</param>
/// <param name="EndNs">End, ns; after the start.</param>
/// <param name="CommonUncertaintyNs">Standard uncertainty of both edges together (a clock's offset, a meter's lag): they shift alike.</param>
/// <param name="EdgeUncertaintyNs">Standard uncertainty of each edge alone.</param>
public readonly record struct RunWindow(long StartNs, long EndNs, double CommonUncertaintyNs = 0, double EdgeUncertaintyNs = 0)
{
    /// <summary>Length, s.</summary>
    public double Seconds => (EndNs - StartNs) * 1e-9;

    /// <summary>The same window, shifted.</summary>
    public RunWindow Shift(long nanoseconds) => this with { StartNs = StartNs + nanoseconds, EndNs = EndNs + nanoseconds };
}
