namespace MeterLab.Orchestrator.Campaigns;

/// <summary>The names of a campaign's steps as their rows have them.</summary>
public static class CampaignSteps
{
    /// <summary>Meters opened and asked what they are, targets reached, clocks found.</summary>
    public const string Preflight = "preflight";

    /// <summary>A target asked what it is; the detail holds its fingerprint.</summary>
    public const string Machine = "machine";

    /// <summary>A sync pattern played on a target; the detail holds its edges.</summary>
    public const string Sync = "sync-pattern";

    /// <summary>A target at rest; the row's times are the stretch.</summary>
    public const string Baseline = "baseline";

    /// <summary>Estimators beside a target at rest; the detail holds what they claimed.</summary>
    public const string IdleEstimators = "idle-estimators";

    /// <summary>Waiting for the target to come to rest.</summary>
    public const string Settle = "settle";

    /// <summary>A workload under way.</summary>
    public const string Workload = "workload";

    /// <summary>The estimators' files and the run's record brought home.</summary>
    public const string Collect = "collect";

    /// <summary>Rest after a run.</summary>
    public const string CoolDown = "cool-down";

    /// <summary>Working the results out.</summary>
    public const string Reconcile = "reconcile";
}
