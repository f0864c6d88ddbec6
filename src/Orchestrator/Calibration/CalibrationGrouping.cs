namespace MeterLab.Orchestrator.Calibration;

/// <summary>What is left out together when a campaign's calibration is judged.</summary>
public enum LeaveOut
{
    /// <summary>the widest of the three below that there are at least three of</summary>
    Automatic,

    /// <summary>a workload</summary>
    Workload,

    /// <summary>a workload with one set of parameters: a model, a batch size</summary>
    Parameters,

    /// <summary>a single run</summary>
    Run,

    /// <summary>all runs of one day, UTC</summary>
    Night,
}

/// <summary>Terms beside gain and unseen power.</summary>
public enum FurtherTerms
{
    /// <summary>none</summary>
    None,

    /// <summary>a gain for each component that the estimator tells apart</summary>
    Components,

    /// <summary>an unseen power for each workload</summary>
    Workloads,
}

/// <summary>How a campaign is calibrated.</summary>
/// <param name="LeaveOut">What is left out together.</param>
/// <param name="Terms">Further terms.</param>
/// <param name="ByWorkload">One calibration for each workload instead of one for all work of a target.</param>
/// <param name="UseIdle">Whether the idle difference takes part in the fit.</param>
/// <param name="EstimatorRepeatability">The estimator's own relative standard uncertainty, 1.</param>
public sealed record CalibrationGrouping(
    LeaveOut LeaveOut = LeaveOut.Automatic,
    FurtherTerms Terms = FurtherTerms.None,
    bool ByWorkload = false,
    bool UseIdle = false,
    double EstimatorRepeatability = 0);
