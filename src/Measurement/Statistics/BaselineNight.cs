namespace MeterLab.Measurement.Statistics;

/// <summary>One baseline: a mean power with the uncertainty that its own scatter gives it.</summary>
/// <param name="MeanW">W.</param>
/// <param name="StandardW">Standard uncertainty of the mean from within the night, autocorrelation in it, W, 0 or more.</param>
/// <param name="Freedom">Degrees of freedom of that uncertainty, at least 1; infinite where it is known, not estimated.</param>
public readonly record struct BaselineNight(double MeanW, double StandardW, double Freedom = double.PositiveInfinity);
