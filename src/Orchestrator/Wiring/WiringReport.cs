using MeterLab.Measurement;

namespace MeterLab.Orchestrator.Wiring;

/// <summary>What a target's load did to all meters of a rig.</summary>
/// <param name="Target">The target.</param>
/// <param name="Seconds">How long the pattern or the recording lasted.</param>
/// <param name="Channels">Every channel, those that the rig file wires to the target first.</param>
/// <param name="Findings">What that says, the gravest first.</param>
public sealed record WiringReport(string Target, double Seconds, IReadOnlyList<WiringChannel> Channels, IReadOnlyList<Finding> Findings);
