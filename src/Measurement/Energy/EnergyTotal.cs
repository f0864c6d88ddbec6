using MeterLab.Measurement.Uncertainty;

namespace MeterLab.Measurement.Energy;

/// <summary>The energy of a window with everything that must stand beside it.</summary>
public sealed record EnergyTotal
{
    /// <summary>J; null where the trace cannot say (a finding tells why).</summary>
    public double? EnergyJ { get; init; }

    /// <summary>Sources of its uncertainty.</summary>
    public UncertaintyBudget Budget { get; init; } = UncertaintyBudget.Empty;

    /// <summary>Whether every source is known; if not, no interval may be stated (a finding tells which).</summary>
    public bool UncertaintyKnown { get; init; } = true;

    /// <summary>The coverage factor of the stated interval.</summary>
    public double K { get; init; } = 2;

    /// <summary>Expanded uncertainty for 95 %, J; null where a source is not known.</summary>
    public double? UncertaintyJ => UncertaintyKnown && EnergyJ is not null ? K * Budget.StandardJ : null;

    /// <summary>1 - gap time / window.</summary>
    public double Coverage { get; init; }

    /// <summary>The longest gap that touches the window, s; 0 without one.</summary>
    public double LongestGapS { get; init; }

    /// <summary>Samples whose windows touch the asked window.</summary>
    public int Samples { get; init; }

    /// <summary>What was found on the way.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>Whether no finding forbids its use.</summary>
    public bool Valid => EnergyJ is not null && Findings.All(finding => finding.Severity != Severity.Invalid);
}
