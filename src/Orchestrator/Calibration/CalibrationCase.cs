using MeterLab.Measurement.Calibration;

namespace MeterLab.Orchestrator.Calibration;

/// <summary>What is calibrated: the runs of one estimator in one group, and what is known beside them.</summary>
internal sealed record CalibrationCase
{
    /// <summary>The machine; null where a study names none.</summary>
    public string? Target { get; init; }

    /// <summary>The kind of work.</summary>
    public required string Group { get; init; }

    /// <summary>The estimator.</summary>
    public required string Estimator { get; init; }

    /// <summary>Its versions in these runs.</summary>
    public IReadOnlyList<string> Versions { get; init; } = [];

    /// <summary>What was compared: wall-ac …; null where nobody said.</summary>
    public string? Scope { get; init; }

    /// <summary>leave-one-workload-out, leave-one-model-out …</summary>
    public required string CrossValidation { get; init; }

    /// <summary>What a cluster is, in a sentence: workload, model.</summary>
    public required string ClusterWord { get; init; }

    /// <summary>The runs.</summary>
    public required IReadOnlyList<CalibrationRun> Runs { get; init; }

    /// <summary>Their names, in the same order.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Further terms of the model: <c>gain:gpu</c>, <c>unseen:classify</c>.</summary>
    public IReadOnlyList<string> Terms { get; init; } = [];

    /// <summary>The meter's common relative standard uncertainty; null where nobody knows the meter's accuracy.</summary>
    public double? MeterGainRelative { get; init; }

    /// <summary>What the machine is: processors, or a fingerprint; null where not known.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>What idling says; null where no baseline has asked this estimator.</summary>
    public IdleDifference? Idle { get; init; }

    /// <summary>Whether the idle difference is to take part in the fit, not only to be compared with it.</summary>
    public bool UseIdle { get; init; }
}
