using MeterLab.Orchestrator.Reports;

namespace MeterLab.Orchestrator.Calibration;

/// <summary><c>calibrate apply --json</c>: what an estimator wrote, calibrated.</summary>
public sealed record CalibratedOutput
{
    /// <summary>What the calibration was fitted on.</summary>
    public required string Calibration { get; init; }

    /// <summary>The estimator.</summary>
    public required string Estimator { get; init; }

    /// <summary>The version that wrote the file.</summary>
    public string? Version { get; init; }

    /// <summary>Row by row.</summary>
    public required IReadOnlyList<CalibratedRow> Rows { get; init; }

    /// <summary>About all of them.</summary>
    public required IReadOnlyList<FindingRow> Findings { get; init; }
}

/// <summary>One row of an estimator's file, calibrated.</summary>
public sealed record CalibratedRow
{
    /// <summary>The estimator's own identity of the run.</summary>
    public string? Run { get; init; }

    /// <summary>The task within it.</summary>
    public string? Task { get; init; }

    /// <summary>The project.</summary>
    public string? Project { get; init; }

    /// <summary>When it ended, local time of the machine.</summary>
    public string? EndedLocal { get; init; }

    /// <summary>What the estimator says, PUE taken out, J.</summary>
    public double? EnergyJ { get; init; }

    /// <summary>s.</summary>
    public double? DurationS { get; init; }

    /// <summary>What the meter would have shown, J; null with a finding where the calibration does not reach.</summary>
    public double? CalibratedJ { get; init; }

    /// <summary>Its expanded uncertainty (95 %), J.</summary>
    public double? UncertaintyJ { get; init; }

    /// <summary>Its factor.</summary>
    public double? K { get; init; }

    /// <summary>The calibrations that gave it.</summary>
    public required IReadOnlyList<string> Groups { get; init; }

    /// <summary>What limits it.</summary>
    public required IReadOnlyList<FindingRow> Findings { get; init; }
}
