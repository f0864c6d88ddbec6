using MeterLab.Measurement;

namespace MeterLab.Orchestrator.Baselines;

/// <summary>What estimators claimed that ran together beside one sleep.</summary>
/// <param name="Claims">A row each.</param>
/// <param name="Findings">What went wrong.</param>
/// <param name="FromNs">The lab's line once they measured, ns.</param>
/// <param name="ToNs">And before they were stopped; not after <paramref name="FromNs"/> where that is not known.</param>
internal sealed record IdleClaims(IReadOnlyList<EstimatorAtIdle> Claims, IReadOnlyList<Finding> Findings, long FromNs, long ToNs)
{
    // A late meter still shows what was before; the launch and the end are told to within a tenth.
    private const double From = 0.2;
    private const double To = 0.9;

    /// <summary>The part of a stretch of the line in which a late meter, too, shows what went on in it.</summary>
    public static (long FromNs, long ToNs) Inner(long fromNs, long toNs) => (fromNs + (long)(From * (toNs - fromNs)), fromNs + (long)(To * (toNs - fromNs)));

    /// <summary>
    /// What a power is more than at rest, W, with its standard uncertainty: the parts that are drawn anew each time, and the meter's gain on the
    /// difference; what is the same in both cancels.
    /// </summary>
    /// <param name="watts">With the program.</param>
    /// <param name="random">Its standard uncertainty that is drawn anew each time, W.</param>
    /// <param name="rest">Without.</param>
    /// <param name="restRandom">The same of it, W.</param>
    /// <param name="relativeGain">The meter's standard uncertainty over its reading.</param>
    public static (double Watts, double StandardWatts) Difference(double watts, double random, double rest, double restRandom, double relativeGain)
    {
        var difference = watts - rest;
        return (difference, Math.Sqrt(random * random + restRandom * restRandom + Math.Pow(relativeGain * difference, 2)));
    }
}
