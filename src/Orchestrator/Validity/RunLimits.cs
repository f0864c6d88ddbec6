using MeterLab.Measurement;

namespace MeterLab.Orchestrator.Validity;

/// <summary>What must hold of a run besides what its energy alone shows; a rig file's <c>limits:</c> overrides the defaults.</summary>
public sealed record RunLimits
{
    /// <summary>The defaults.</summary>
    public static RunLimits Default { get; } = new();

    /// <summary>How far the 95th percentile of the sampling intervals may be off the nominal one, as a share: 0.2 is 0.8 to 1.2.</summary>
    public double Jitter { get; init; } = 0.2;

    /// <summary>Least share of its range that a meter should be used at.</summary>
    public double RangeLow { get; init; } = 0.1;

    /// <summary>And the most.</summary>
    public double RangeHigh { get; init; } = 0.9;

    /// <summary>What the clock's residual times the step of power may make of the energy, as a share.</summary>
    public double ClockShare { get; init; } = 0.001;

    /// <summary>Age of a calibration certificate.</summary>
    public TimeSpan CertificateAge { get; init; } = TimeSpan.FromDays(365);

    /// <summary>Shortest run that carries a statement to 1 %.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Fewest counts of the meter that do.</summary>
    public double MeterCounts { get; init; } = 100;

    /// <summary>For how long a baseline counts.</summary>
    public TimeSpan BaselineAge { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Severities that replace the rules' own, by rule.</summary>
    public IReadOnlyDictionary<string, Severity> Severities { get; init; } = new Dictionary<string, Severity>();
}
