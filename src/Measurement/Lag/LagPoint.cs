using MeterLab.Measurement.Meters;

namespace MeterLab.Measurement.Lag;

/// <summary>A place in the space of what a lag fit looks for. Seconds throughout.</summary>
/// <param name="Delay">From the end of the averaging window until the value can be read.</param>
/// <param name="Averaging">The window, or the filter's time constant.</param>
/// <param name="Shape">Which of the two.</param>
/// <param name="Rise">Time constant with which the load itself follows its stamped edges; 0 for at once.</param>
internal readonly record struct LagPoint(double Delay, double Averaging, ResponseShape Shape, double Rise);
