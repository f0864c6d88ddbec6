namespace MeterLab.Estimators.Sensors;

/// <summary>The course of a sensor's power on its machine's own clock: means between two readings.</summary>
/// <param name="EndNs">When each mean ended, ns since 1970, increasing.</param>
/// <param name="Watts">The means, W, of all that the sensor covers.</param>
public sealed record PowerTrace(IReadOnlyList<long> EndNs, IReadOnlyList<double> Watts);
