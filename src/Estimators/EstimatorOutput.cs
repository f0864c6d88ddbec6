using MeterLab.Measurement;

namespace MeterLab.Estimators;

/// <summary>What an estimator's file or folder says.</summary>
/// <param name="Estimator">Its name.</param>
/// <param name="Version">The version that wrote it, of the last row; null where the files do not tell.</param>
/// <param name="Rows">Row by row, in the order of the files.</param>
/// <param name="Findings">About the files as a whole.</param>
public sealed record EstimatorOutput(
    string Estimator, string? Version, IReadOnlyList<EstimatorRow> Rows, IReadOnlyList<Finding> Findings);
