namespace MeterLab.VirtualRig.World;

/// <summary>Where the world learns how busy the virtual machine's processors are: real processes, or a script.</summary>
public interface ICpuLoad
{
    /// <summary>
    /// The mean number of busy logical processors since the previous call (since the world began, at the first), 0 to the machine's number.
    /// Called once a tick, by one thread.
    /// </summary>
    /// <param name="nowNs">Host monotonic, ns.</param>
    /// <param name="elapsedNs">Since the previous call, ns.</param>
    double BusyCores(long nowNs, long elapsedNs);
}

/// <summary>Nobody works.</summary>
public sealed class NoCpuLoad : ICpuLoad
{
    /// <inheritdoc/>
    public double BusyCores(long nowNs, long elapsedNs) => 0;
}
