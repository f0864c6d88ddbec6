namespace MeterLab.Orchestrator.Targets;

/// <summary>What a target says of something that an estimator needs.</summary>
/// <param name="Met">Whether it is as needed.</param>
/// <param name="Denied">Whether it is there, but this account may not read it.</param>
/// <param name="Detail">Where it is; empty where it is not, but for an address: then what was answered instead.</param>
internal readonly record struct LookupAnswer(bool Met, bool Denied, string Detail);
