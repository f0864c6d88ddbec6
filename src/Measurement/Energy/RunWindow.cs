namespace MeterLab.Measurement.Energy;

/// <summary>
/// The stretch of the lab's line whose energy is asked, end exclusive, with what is not known about its edges.
/// </summary>
/// <param name="StartNs">Start, ns.</param>
/// <param name="EndNs">End, ns; after the start.</param>
/// <param name="CommonUncertaintyNs">Standard uncertainty of both edges together (a clock's offset, a meter's lag): they shift alike.</param>
/// <param name="EdgeUncertaintyNs">Standard uncertainty of each edge alone.</param>
/// <param name="IsRun">Whether a load is known to start and end at the edges; where it is not, it is only held possible.</param>
public readonly record struct RunWindow(long StartNs, long EndNs, double CommonUncertaintyNs = 0, double EdgeUncertaintyNs = 0, bool IsRun = false)
{
    /// <summary>Length, s.</summary>
    public double Seconds => (EndNs - StartNs) * 1e-9;

    /// <summary>The same window with more uncertainty of each edge alone (standard, ns).</summary>
    public RunWindow WithStamp(double nanoseconds) => this with { EdgeUncertaintyNs = Math.Sqrt(EdgeUncertaintyNs * EdgeUncertaintyNs + nanoseconds * nanoseconds) };

    /// <summary>The same window, shifted.</summary>
    public RunWindow Shift(long nanoseconds) => this with { StartNs = StartNs + nanoseconds, EndNs = EndNs + nanoseconds };
}
