namespace MeterLab.Orchestrator.Targets;

/// <summary>What a target says of something that an estimator needs.</summary>
/// <param name="Met">Whether it is as needed.</param>
/// <param name="Denied">Whether it is there, but this account may not read it.</param>
/// <param name="Detail">Where it is; empty where it is not.</param>
internal readonly record struct LookupAnswer(bool Met, bool Denied, string Detail);
