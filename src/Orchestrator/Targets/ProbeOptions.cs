namespace MeterLab.Orchestrator.Targets;

/// <summary>How a target's clock is probed.</summary>
/// <param name="Count">Probes in all.</param>
/// <param name="Burst">Probes without a pause.</param>
/// <param name="Pause">Mean pause between bursts; the pauses are uniform between half and one and a half of it.</param>
/// <param name="Seed">Of the pauses.</param>
public sealed record ProbeOptions(int Count, int Burst = 8, TimeSpan Pause = default, int Seed = 1);
