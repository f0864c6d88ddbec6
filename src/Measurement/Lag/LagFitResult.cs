using MeterLab.Measurement.Meters;

namespace MeterLab.Measurement.Lag;

/// <summary>How late a meter shows a load, and how it smooths it; or why that cannot be said. Uncertainties are standard (k = 1).</summary>
public sealed record LagFitResult
{
    /// <summary>Whether the pattern was seen at all; if not, <see cref="Reason"/> says why and the figures mean nothing.</summary>
    public required bool Visible { get; init; }

    /// <summary>Why not, in words; empty where visible.</summary>
    public string Reason { get; init; } = "";

    /// <summary>From the end of the averaging window until the value can be read, s.</summary>
    public double DelaySeconds { get; init; }

    /// <summary>Standard uncertainty of the delay, s: noise, a response that is not known, polls, and the load's own rise.</summary>
    public double DelayUncertaintySeconds { get; init; }

    /// <summary>Averaging window or time constant, s.</summary>
    public double AveragingSeconds { get; init; }

    /// <summary>Standard uncertainty of it, s; 0 where the profile's was believed.</summary>
    public double AveragingUncertaintySeconds { get; init; }

    /// <summary>Window or filter, whichever explains the trace.</summary>
    public ResponseShape Shape { get; init; }

    /// <summary>How probable <see cref="Shape"/> is against the other, 0.5 to 1; 1 where the profile's was believed.</summary>
    public double ShapeProbability { get; init; } = 1;

    /// <summary>Time constant with which the load follows its stamped edges, s; 0 where none was allowed for.</summary>
    public double LoadRiseSeconds { get; init; }

    /// <summary>Height of the load's step, W.</summary>
    public double StepW { get; init; }

    /// <summary>Standard uncertainty of the step, W.</summary>
    public double StepUncertaintyW { get; init; }

    /// <summary>Power without the load, W: the mean over the pattern, where it drifts.</summary>
    public double BaselineW { get; init; }

    /// <summary>Standard uncertainty of the baseline, W: noise alone.</summary>
    public double BaselineUncertaintyW { get; init; }

    /// <summary>Share of the trace's variance, without drift, that the pattern explains, 0 to 1.</summary>
    public double Explained { get; init; }
}
