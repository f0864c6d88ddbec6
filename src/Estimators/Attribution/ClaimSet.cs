using MeterLab.Measurement;

namespace MeterLab.Estimators.Attribution;

/// <summary>What the files of an estimator hold.</summary>
/// <param name="Version">The version that wrote them; null where they do not tell.</param>
/// <param name="Rows">Everything that they say, row by row: predictions, tasks and parts too.</param>
/// <param name="Claims">What may be a whole run's energy.</param>
/// <param name="Findings">About the files as a whole.</param>
internal sealed record ClaimSet(string? Version, IReadOnlyList<EstimatorRow> Rows, IReadOnlyList<Claim> Claims, IReadOnlyList<Finding> Findings);
