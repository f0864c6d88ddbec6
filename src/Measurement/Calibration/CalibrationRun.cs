namespace MeterLab.Measurement.Calibration;

/// <summary>One run as a calibration sees it.</summary>
public sealed record CalibrationRun
{
    /// <summary>What the estimator said, J.</summary>
    public required double EstimateJ { get; init; }

    /// <summary>How long, s, above 0.</summary>
    public required double DurationS { get; init; }

    /// <summary>What the meter said, J, above 0.</summary>
    public required double MeterJ { get; init; }

    /// <summary>What is left out together when the fit is judged: a workload, a model, a night.</summary>
    public required string Cluster { get; init; }

    /// <summary>Standard uncertainty of the meter's figure, the part that differs from run to run, J; without the count.</summary>
    public double MeterStandardJ { get; init; }

    /// <summary>Standard uncertainty of the estimator's figure: its repeatability and the step it is written in, J.</summary>
    public double EstimateStandardJ { get; init; }

    /// <summary>The meter's count where the figure is a difference of two readings of a counter, J; 0 where it is not.</summary>
    public double CountJ { get; init; }

    /// <summary>Further columns of the model, one for each further term: J or s.</summary>
    public IReadOnlyList<double> Further { get; init; } = [];
}
