namespace MeterLab.Orchestrator.Baselines;

/// <summary>What an estimator claims while the machine rests; null where it said nothing usable (a finding says why).</summary>
public sealed record EstimatorAtIdle(string Estimator, double? PowerW, string? Version = null);
