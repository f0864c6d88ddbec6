namespace MeterLab.Coverage.Simulation;

/// <summary>What is wrong with the times of a trace: a lag that is known, and a remainder of which only the uncertainty is.</summary>
/// <param name="LagSeconds">Known lateness, s.</param>
/// <param name="ErrorSeconds">What nobody knows, s.</param>
/// <param name="UncertaintySeconds">Its expanded uncertainty (k = 2), s.</param>
internal sealed record ClockError(double LagSeconds, double ErrorSeconds, double UncertaintySeconds)
{
    public static ClockError Of(Draw draw, double largestUncertainty)
    {
        var uncertainty = draw.Scale(largestUncertainty / 20, largestUncertainty);
        return new ClockError(draw.Uniform(-0.3, 0.3), draw.Normal(uncertainty / 2), uncertainty);
    }
}
