using MathNet.Numerics.Distributions;

using MeterLab.Measurement.Uncertainty;

namespace MeterLab.Measurement.Energy;

/// <summary>
/// The factor of an interval for 95 %: 2, and more where few events carry the budget (Welch-Satterthwaite and Student's t, JCGM 100:2008, G.4).
/// </summary>
internal static class CoverageFactor
{
    private const double Least = 2;

    // Events are counted by the scatter of squares: of n normal differences a third.
    private const double FreedomPerEvent = 1.5;

    /// <summary>The factor for a budget whose sampling part rests on few events.</summary>
    public static double Of(UncertaintyBudget budget, SamplingTerm sampling)
    {
        if (sampling.StandardJ <= 0 || budget.StandardJ <= 0)
            return Least;
        var own = Math.Max(2, FreedomPerEvent * sampling.Events + 1);
        var freedom = own * Math.Pow(budget.StandardJ / sampling.StandardJ, 4);
        if (freedom > 200)
            return Least;
        return Least * StudentT.InvCDF(0, 1, freedom, 0.975) / Normal.InvCDF(0, 1, 0.975);
    }
}
