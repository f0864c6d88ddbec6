using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;

namespace MeterLab.Orchestrator.Wiring;

/// <summary>How one channel answered to a target's load.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Scope">What the rig file says that it measures of this target; null where it says nothing.</param>
/// <param name="StepWatts">How much it rises with the load, W; negative where it falls. Null where it gave too few samples.</param>
/// <param name="UncertaintyWatts">Standard uncertainty of the step, from how it varies over the pattern, W.</param>
/// <param name="Samples">How many samples it rests on.</param>
/// <param name="Gain">The model's limit of error of a reading, as a ratio; null where it is not known.</param>
public sealed record WiringChannel(ChannelId Channel, Scope? Scope, double? StepWatts, double? UncertaintyWatts, int Samples, double? Gain)
{
    // The lag is looked for, which helps chance: five deviations instead of two.
    internal const double Significance = 5;

    /// <summary>Step over its uncertainty.</summary>
    public double? Score => StepWatts is { } step && UncertaintyWatts is > 0 and { } u ? step / u : null;

    /// <summary>Whether the load shows.</summary>
    public bool Moves => Score is { } score && Math.Abs(score) >= Significance;
}
