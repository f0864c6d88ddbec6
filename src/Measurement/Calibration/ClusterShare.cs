namespace MeterLab.Measurement.Calibration;

/// <summary>What the rows of one cluster do to a fit.</summary>
/// <param name="Pull">Their pull on the coefficients.</param>
/// <param name="Information">Their information.</param>
/// <param name="Together">The pull that they would have if all of them lay above the law by their whole energy.</param>
internal sealed record ClusterShare(double[] Pull, double[,] Information, double[] Together);
