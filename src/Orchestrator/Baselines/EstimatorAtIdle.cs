namespace MeterLab.Orchestrator.Baselines;

/// <summary>What an estimator claims while the machine rests; null where it said nothing usable (a finding says why).</summary>
public sealed record EstimatorAtIdle(string Estimator, double? PowerW, string? Version = null)
{
    /// <summary>Other programs of estimators that ran at the same time, and whose draw its claim holds; empty where it ran alone.</summary>
    public IReadOnlyList<string> Beside { get; init; } = [];

    /// <summary>What the meter showed more while it ran than at rest without it, W; null where nothing of it ran alone there, or it was too short to tell.</summary>
    public double? CostW { get; init; }

    /// <summary>Expanded by <see cref="K"/>, W.</summary>
    public double? CostUncertaintyW { get; init; }

    /// <summary>The factor of that uncertainty.</summary>
    public double? K { get; init; }
}
