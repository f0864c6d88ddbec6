namespace MeterLab.Estimators;

/// <summary>A file that an estimator wrote, as fetched from the target.</summary>
/// <param name="Path">Relative to the estimator's folder, with forward slashes.</param>
/// <param name="Content">Its bytes.</param>
public sealed record EstimatorFile(string Path, ReadOnlyMemory<byte> Content);
