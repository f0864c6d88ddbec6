using MeterLab.Measurement.Calibration;
using MeterLab.Orchestrator.Calibration;

namespace MeterLab.Orchestrator.Studies;

/// <summary>What a study gives to calibrate: CodeCarbon in each group, judged on models that the fit has not seen.</summary>
internal static class StudyCalibration
{
    /// <summary>The estimator whose figures a study records.</summary>
    public const string Estimator = "codecarbon";

    /// <summary>The case of a group.</summary>
    public static CalibrationCase Of(StudyGroup group) => new()
    {
        Group = group.Name,
        Estimator = Estimator,
        CrossValidation = "leave-one-model-out",
        ClusterWord = "model",
        Fingerprint = Hardware(group),
        Names = [.. group.Runs.Select(run => run.Experiment.Run)],
        Runs = [.. group.Runs.Select(run => new CalibrationRun
        {
            EstimateJ = run.Experiment.EstimatorJ,
            DurationS = run.Experiment.DurationS,
            MeterJ = run.Experiment.MeterJ,
            CountJ = run.ResolutionJ,
            Cluster = run.Experiment.Model,
        })],
    };

    /// <summary>The processors that a group ran on: what the recording tells of the machine.</summary>
    public static string Hardware(StudyGroup group) => string.Join(
        " + ", group.Runs.Select(run => run.Experiment.Architecture).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
}
