using MeterLab.Measurement;

namespace MeterLab.Estimators;

/// <summary>One row of what an estimator wrote, in SI units, with PUE taken out (contract, section 5, <c>estimator read</c>).</summary>
public sealed record EstimatorRow
{
    /// <summary>The estimator's own identity of the run; null where it has none.</summary>
    public string? Run { get; init; }

    /// <summary>The task within the run; null for a row about the whole run.</summary>
    public string? Task { get; init; }

    /// <summary>The project name it was given.</summary>
    public string? Project { get; init; }

    /// <summary>J, PUE taken out; null where the row has no usable figure (a finding says why).</summary>
    public double? EnergyJ { get; init; }

    /// <summary>J by component: cpu, gpu, ram.</summary>
    public IReadOnlyDictionary<string, double> ComponentsJ { get; init; } = new Dictionary<string, double>();

    /// <summary>The estimator's own duration, s.</summary>
    public double? DurationS { get; init; }

    /// <summary>When it ended, as the target's local wall time without a zone: <c>2026-11-23T12:19:01</c>.</summary>
    public string? EndedLocal { get; init; }

    /// <summary>The factor that was inside the written figures and has been taken out.</summary>
    public double Pue { get; init; } = 1;

    /// <summary>Whether the figure counts from the start of the tracker, not from the row before.</summary>
    public bool Cumulative { get; init; }

    /// <summary>Whether it is a prediction, not an observation. Never compared.</summary>
    public bool Predicted { get; init; }

    /// <summary>The version that wrote this row.</summary>
    public string? Version { get; init; }

    /// <summary>The processors that the row says it was measured on; empty where it says none.</summary>
    public IReadOnlyList<string> Processors { get; init; } = [];

    /// <summary>What is wrong or noteworthy about this row.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];
}
