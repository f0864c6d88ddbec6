namespace MeterLab.Coverage.Lag;

/// <summary>
/// What a meter shows of a load of many steps, as the sum of what it shows of each: the simulation's own way, which shares nothing
/// with the product's running states.
/// </summary>
/// <param name="edges">When the load changes, s.</param>
/// <param name="changes">By how much, W.</param>
/// <param name="riseS">First-order rise of the load, s.</param>
internal sealed class StepResponse(double[] edges, double[] changes, double riseS)
{
    // After so many time constants a step is over.
    private const double Over = 45;

    /// <summary>Mean power over a window that ends at a moment, W above the baseline.</summary>
    public double Window(double end, double window) => Sum(window + Over * riseS, end, after => (Energy(after) - Energy(after - window)) / window);

    /// <summary>Output of a first-order filter at a moment, W above the baseline.</summary>
    public double Filtered(double at, double tau) => Sum(Over * (tau + riseS), at, after => After(after, tau));

    private double Sum(double settledAfter, double at, Func<double, double> ofUnitStep)
    {
        double sum = 0;
        for (var i = 0; i < edges.Length && edges[i] < at; i++)
            sum += changes[i] * (at - edges[i] > settledAfter ? 1 : ofUnitStep(at - edges[i]));
        return sum;
    }

    private double Energy(double after)
    {
        if (after <= 0)
            return 0;
        return riseS <= 0 ? after : after - riseS * (1 - Math.Exp(-after / riseS));
    }

    private double After(double after, double tau)
    {
        if (riseS <= 0)
            return 1 - Math.Exp(-after / tau);
        // Two time constants: partial fractions of 1 / (s (1 + s tau) (1 + s rise)).
        var rise = Math.Abs(tau - riseS) < 1e-6 * tau ? riseS * 1.00001 : riseS;
        return 1 - (tau * Math.Exp(-after / tau) - rise * Math.Exp(-after / rise)) / (tau - rise);
    }
}
