namespace MeterLab.Orchestrator.Validity;

/// <summary>The validity rules as findings, rule rows and <c>limits.severities</c> of a rig file name them.</summary>
public static class RuleNames
{
    /// <summary>All of them, in the order in which a run's rows stand.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Coverage, LongestGap, Jitter, RangeUsed, Overflow, Uncertainty, ClockShare, ClockStep, HostClockStep, Settings, Certificate, Duration, MeterCounts,
        Baseline, IdleBefore, Implausible, Outcome, EstimatorOutput, CheckMeter,
    ];

    public const string Coverage = "coverage";
    public const string LongestGap = "longest-gap";
    public const string Jitter = "jitter";
    public const string RangeUsed = "range-used";
    public const string Overflow = "overflow";
    public const string Uncertainty = "uncertainty";
    public const string ClockShare = "clock-share";
    public const string ClockStep = "clock-step";
    public const string HostClockStep = "host-clock-step";
    public const string Settings = "settings";
    public const string Certificate = "certificate";
    public const string Duration = "duration";
    public const string MeterCounts = "meter-counts";
    public const string Baseline = "baseline";
    public const string IdleBefore = "idle-before";
    public const string Implausible = "implausible";
    public const string Outcome = "outcome";
    public const string EstimatorOutput = "estimator-output";
    public const string CheckMeter = "check-meter";
}
