namespace MeterLab.Orchestrator.Reports;

/// <summary>One error that a summary is made of.</summary>
/// <param name="ErrorPct">%.</param>
/// <param name="StandardPct">Standard uncertainty from meter and window, %; null where unknown.</param>
/// <param name="SystematicPct">The part of it that all runs share, standard, %.</param>
/// <param name="Kind">The kind of work: runs of one kind err alike.</param>
/// <param name="Parts">The error taken apart; null without a calibration.</param>
public sealed record ErrorPoint(double ErrorPct, double? StandardPct, double SystematicPct, string Kind, ErrorParts? Parts = null);
