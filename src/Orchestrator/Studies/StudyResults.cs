using MeterLab.Orchestrator.Reports;

namespace MeterLab.Orchestrator.Studies;

/// <summary><c>study import --json</c> (contract, section 6).</summary>
public sealed record StudyImportResult
{
    /// <summary>The study's name: that of the folder.</summary>
    public required string Study { get; init; }

    /// <summary>The pairs that were read, by name.</summary>
    public required IReadOnlyList<string> Recordings { get; init; }

    /// <summary>How many experiments can be used.</summary>
    public required int Experiments { get; init; }

    /// <summary>What was left out, and why.</summary>
    public required IReadOnlyList<SkippedRow> Skipped { get; init; }

    /// <summary>What is noteworthy.</summary>
    public required IReadOnlyList<FindingRow> Findings { get; init; }

    /// <summary>How many recordings were new or had changed; 0 where everything was known already.</summary>
    public required int Changed { get; init; }
}

/// <summary>A run or an image that was left out.</summary>
/// <param name="Run">Its name in the recording.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Recording">The pair of files.</param>
public sealed record SkippedRow(string Run, string Reason, string Recording);

/// <summary><c>study report --json</c> (contract, section 6).</summary>
public sealed record StudyReportResult
{
    /// <summary>The study's name.</summary>
    public required string Study { get; init; }

    /// <summary>How many experiments are in it.</summary>
    public required int Experiments { get; init; }

    /// <summary>Errors by group and estimator.</summary>
    public required IReadOnlyList<SummaryRow> Groups { get; init; }

    /// <summary>The correction of each group.</summary>
    public required IReadOnlyList<CalibrationRow> Calibration { get; init; }

    /// <summary>What the figures rest on, and what they cannot tell.</summary>
    public required IReadOnlyList<FindingRow> Findings { get; init; }
}

/// <summary><c>study apply --json</c> (contract, section 6).</summary>
public sealed record StudyApplyResult
{
    /// <summary>The folder's name.</summary>
    public required string Study { get; init; }

    /// <summary>What the calibration was fitted on.</summary>
    public required string Calibration { get; init; }

    /// <summary>Errors by group, before and after.</summary>
    public required IReadOnlyList<StudyApplyRow> Groups { get; init; }

    /// <summary>What limits them.</summary>
    public required IReadOnlyList<FindingRow> Findings { get; init; }
}

/// <summary>One group of a recording under a calibration that was fitted elsewhere.</summary>
public sealed record StudyApplyRow
{
    /// <summary>The group.</summary>
    public required string Group { get; init; }

    /// <summary>The estimator.</summary>
    public required string Estimator { get; init; }

    /// <summary>How many runs the errors after it are of; all of them where there is no calibration.</summary>
    public required int N { get; init; }

    /// <summary>Mean absolute error of the estimator's own figures, %.</summary>
    public double? MaePctBefore { get; init; }

    /// <summary>Mean absolute error after the calibration, %; null where there is none for the group.</summary>
    public double? MaePctAfter { get; init; }

    /// <summary>Median of the absolute errors after it, %.</summary>
    public double? MedianAbsPctAfter { get; init; }

    /// <summary>Mean error after it, %.</summary>
    public double? BiasPctAfter { get; init; }

    /// <summary>What two readings of the counter cost on average, %.</summary>
    public double? MeterFloorPct { get; init; }

    /// <summary>Share of runs whose meter figure lies within the stated uncertainty and one count, %.</summary>
    public double? CoveredPct { get; init; }

    /// <summary>Runs too far outside the calibration's powers.</summary>
    public int Refused { get; init; }
}
