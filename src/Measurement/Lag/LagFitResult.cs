using MeterLab.Measurement.Meters;

namespace MeterLab.Measurement.Lag;

/// <summary>How late a meter shows a load, and how it smooths it; or why that cannot be said.</summary>
public sealed record LagFitResult
{
    /// <summary>Whether the pattern was seen at all; if not, <see cref="Reason"/> says why and the figures mean nothing.</summary>
    public required bool Visible { get; init; }

    /// <summary>Why not, in words; empty where visible.</summary>
    public string Reason { get; init; } = "";

    /// <summary>From the end of the averaging window until the value can be read, s.</summary>
    public double DelaySeconds { get; init; }

    /// <summary>Standard uncertainty of the delay, s.</summary>
    public double DelayUncertaintySeconds { get; init; }

    /// <summary>Averaging window or time constant, s.</summary>
    public double AveragingSeconds { get; init; }

    /// <summary>Window or filter, whichever explains the trace.</summary>
    public ResponseShape Shape { get; init; }

    /// <summary>Height of the load's step, W.</summary>
    public double StepW { get; init; }

    /// <summary>Standard uncertainty of the step, W.</summary>
    public double StepUncertaintyW { get; init; }

    /// <summary>Power without the load, W.</summary>
    public double BaselineW { get; init; }

    /// <summary>Share of the trace's variance that the pattern explains, 0 to 1.</summary>
    public double Explained { get; init; }
}
