namespace MeterLab.Estimators;

/// <summary>
/// One estimator: how it is launched, what it wrote, what that says about a run. It runs nothing itself and asks no clock.
/// </summary>
public interface IEstimator
{
    /// <summary>What it is.</summary>
    EstimatorFacts Facts { get; }

    /// <summary>How its program is run beside the workload of the run called <paramref name="run"/>; null where nothing runs on the target.</summary>
    EstimatorLaunch? Launch(EstimatorSettings settings, string run);

    /// <summary>
    /// Reads what it wrote. Damaged rows are reported as findings, never dropped. Throws
    /// <see cref="Measurement.ConfigurationException"/> where the files cannot be its output at all, or where it writes none.
    /// </summary>
    EstimatorOutput Read(IReadOnlyList<EstimatorFile> files);

    /// <summary>What it says about one run: attributed rows of <see cref="RunFacts.Files"/>, or a figure computed from the facts.</summary>
    RunEstimate Estimate(RunFacts run);
}
