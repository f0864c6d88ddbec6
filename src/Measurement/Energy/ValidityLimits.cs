namespace MeterLab.Measurement.Energy;

/// <summary>What must hold for an energy to be used; a rig file overrides the defaults.</summary>
public sealed record ValidityLimits
{
    /// <summary>The defaults.</summary>
    public static ValidityLimits Default { get; } = new();

    /// <summary>Least share of the window that is covered by samples.</summary>
    public double Coverage { get; init; } = 0.99;

    /// <summary>Longest gap, in sampling intervals.</summary>
    public double LongestGap { get; init; } = 3;

    /// <summary>Expanded uncertainty as a share of the energy above which there is a warning.</summary>
    public double UncertaintyWarning { get; init; } = 0.01;

    /// <summary>And above which the run is not valid.</summary>
    public double UncertaintyInvalid { get; init; } = 0.05;
}
