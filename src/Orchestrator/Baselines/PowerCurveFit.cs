using MeterLab.Measurement.Statistics;

namespace MeterLab.Orchestrator.Baselines;

/// <summary>
/// Power by busy processors, fitted to load steps alone, and its value at none: a second idle power that owes nothing to resting. Straight
/// where there are fewer than four steps, else with a square term (boost clocks fall as more processors work). Pure.
/// </summary>
internal static class PowerCurveFit
{
    private const int FewestForSquare = 4;

    /// <summary>Fits at least two steps with different load; null where there are fewer.</summary>
    /// <param name="steps">The steps, none of them at rest.</param>
    /// <param name="idle">The measured idle power, to compare with.</param>
    public static PowerCurve? Of(IReadOnlyList<PowerStep> steps, IdleLevel idle)
    {
        if (steps.Count < 2 || steps.Max(step => step.BusyCores) - steps.Min(step => step.BusyCores) < 0.1)
            return null;
        var terms = steps.Count >= FewestForSquare ? 3 : 2;
        var (coefficients, variance) = Fit(steps, terms);
        var extrapolated = coefficients[0];
        if (steps.Count > 2 && terms == 2)
        {
            // What a bend would make of it, of which three steps do not tell enough: rectangular.
            var bent = Fit(steps, 3).Coefficients[0] - extrapolated;
            variance += bent * bent / 3;
        }

        var standard = Math.Sqrt(variance);
        // The meters' own error is in both values and cancels in their difference.
        var apart = Math.Abs(extrapolated - idle.Watts);
        return new PowerCurve
        {
            Steps = steps,
            ExtrapolatedW = extrapolated,
            UncertaintyW = 2 * Math.Sqrt(variance + (idle.MeterW ?? 0) * (idle.MeterW ?? 0)),
            WPerBusyCore = coefficients[1],
            Law = terms == 3 ? "quadratic" : "linear",
            Agrees = apart <= 2 * Math.Sqrt(standard * standard + idle.RandomW * idle.RandomW),
        };
    }

    // Weighted least squares in powers of the load; the scatter of the steps widens what their own uncertainties say, never narrows it.
    private static (double[] Coefficients, double Variance) Fit(IReadOnlyList<PowerStep> steps, int terms)
    {
        var system = new double[terms, terms + 1];
        var inverse = new double[terms, terms + 1];
        foreach (var step in steps)
        {
            var weight = 1 / Math.Max(1e-6, step.UW * step.UW);
            for (var i = 0; i < terms; i++)
            {
                for (var j = 0; j < terms; j++)
                    system[i, j] += weight * Math.Pow(step.BusyCores, i + j);
                system[i, terms] += weight * Math.Pow(step.BusyCores, i) * step.PowerW;
            }
        }

        for (var i = 0; i < terms; i++)
        {
            for (var j = 0; j < terms; j++)
                inverse[i, j] = system[i, j];
            inverse[i, terms] = i == 0 ? 1 : 0;
        }

        var coefficients = Solve(system, terms);
        var squares = steps.Sum(step => Math.Pow(step.PowerW - coefficients.Select((c, i) => c * Math.Pow(step.BusyCores, i)).Sum(), 2) / Math.Max(1e-6, step.UW * step.UW));
        var freedom = steps.Count - terms;
        var scale = freedom > 0 ? Math.Max(1, squares / freedom) : 1;
        return (coefficients, Solve(inverse, terms)[0] * scale);
    }

    // Gauss with the largest pivot.
    private static double[] Solve(double[,] system, int n)
    {
        for (var column = 0; column < n; column++)
        {
            var pivot = Enumerable.Range(column, n - column).MaxBy(row => Math.Abs(system[row, column]));
            for (var j = 0; j <= n; j++)
                (system[column, j], system[pivot, j]) = (system[pivot, j], system[column, j]);
            for (var row = 0; row < n; row++)
            {
                if (row == column)
                    continue;
                var factor = system[row, column] / system[column, column];
                for (var j = column; j <= n; j++)
                    system[row, j] -= factor * system[column, j];
            }
        }

        return [.. Enumerable.Range(0, n).Select(row => system[row, n] / system[row, row])];
    }
}
