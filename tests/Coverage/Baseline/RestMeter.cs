using MeterLab.Coverage.Simulation;
using MeterLab.Measurement.Meters;

namespace MeterLab.Coverage.Baseline;

/// <summary>What measures a machine at rest.</summary>
/// <param name="Name">As the table shows it.</param>
/// <param name="IntervalS">Between readings, each the mean since the one before, s.</param>
/// <param name="Percent">Limit of error, percent of the reading.</param>
/// <param name="StepW">Resolution, W; 0: as fine as it matters.</param>
internal sealed record RestMeter(string Name, double IntervalS, double Percent, double StepW)
{
    public static RestMeter Quick { get; } = new("exact, 0.2 s", 0.2, 0, 0);

    public static RestMeter Slow { get; } = new("exact, 1 s", 1, 0, 0);

    public AccuracyLimit Accuracy => new() { ReadingPercent = Percent };

    /// <summary>A specimen's gain, anywhere within its limits.</summary>
    public double Gain(Draw draw) => 1 + draw.Uniform(-Percent, Percent) / 100;

    /// <summary>What a specimen shows of these powers.</summary>
    public double[] Show(double gain, double levelW, double[] deviations) =>
        [.. deviations.Select(deviation => gain * (levelW + deviation)).Select(power => StepW > 0 ? StepW * Math.Round(power / StepW) : power)];
}
