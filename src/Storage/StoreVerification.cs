using MeterLab.Measurement;

namespace MeterLab.Storage;

/// <summary>What a check of a whole store came to.</summary>
/// <param name="Chunks">Chunks that were read.</param>
/// <param name="Samples">Samples that were decoded.</param>
/// <param name="EstimatorFiles">Estimator files whose hash was worked out anew.</param>
/// <param name="Findings">All damage, each naming what is damaged; empty where all is well.</param>
public sealed record StoreVerification(long Chunks, long Samples, long EstimatorFiles, IReadOnlyList<Finding> Findings)
{
    /// <summary>Whether nothing is damaged.</summary>
    public bool Passed => Findings.Count == 0;
}
