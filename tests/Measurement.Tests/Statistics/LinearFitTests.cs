using CsCheck;

using MeterLab.Measurement.Statistics;

namespace MeterLab.Measurement.Tests.Statistics;

public sealed class LinearFitTests
{
    [Fact]
    public void Two_exact_rows_are_solved_and_have_no_uncertainty_to_show()
    {
        var fit = LinearFit.TryFit([1, 2], [1, 5], [5, 16], [1, 1])!;

        // 3 x 1 + 2 x 1 = 5; 3 x 2 + 2 x 5 = 16.
        Assert.Equal(3, fit.A, 12);
        Assert.Equal(2, fit.B, 12);
        Assert.Equal(0, fit.DegreesOfFreedom);
        Assert.Null(fit.VarianceA);
        Assert.Null(fit.CovarianceAB);
    }

    [Fact]
    public void Scatter_gives_the_covariance_worked_out_by_hand()
    {
        // u = (1,1,1,1), v = (-1,0,1,2), y = (0,1,1,4): normal equations [[4,2],[2,6]] x (a,b) = (6,9): a = 0.9, b = 1.2.
        // Residuals 0.3 0.1 -1.1 0.7: squares 1.8, variance 0.9; inverse matrix 1/20 [[6,-2],[-2,4]].
        var fit = LinearFit.TryFit([1, 1, 1, 1], [-1, 0, 1, 2], [0, 1, 1, 4], [1, 1, 1, 1])!;

        Assert.Equal(0.9, fit.A, 12);
        Assert.Equal(1.2, fit.B, 12);
        Assert.Equal(0.9, fit.ResidualVariance!.Value, 12);
        Assert.Equal(0.9 * 6 / 20, fit.VarianceA!.Value, 12);
        Assert.Equal(0.9 * 4 / 20, fit.VarianceB!.Value, 12);
        Assert.Equal(-0.9 * 2 / 20, fit.CovarianceAB!.Value, 12);
    }

    [Fact]
    public void A_weight_of_two_is_the_row_written_twice()
    {
        var weighted = LinearFit.TryFit([1, 2, 4], [3, 1, 1], [2, 3, 7], [1, 2, 1])!;
        var repeated = LinearFit.TryFit([1, 2, 2, 4], [3, 1, 1, 1], [2, 3, 3, 7], [1, 1, 1, 1])!;

        Assert.Equal(repeated.A, weighted.A, 12);
        Assert.Equal(repeated.B, weighted.B, 12);
    }

    [Fact]
    public void Known_coefficients_come_back_whatever_the_scales() =>
        Gen.Select(Gen.Double[0.2, 5], Gen.Double[-300, 300], Gen.Double[50, 2000].Array[5, 30], Gen.Int[0, 1000]).Sample(
            (gain, power, energies, seed) =>
            {
                var times = energies.Select((_, i) => 100.0 + (i * 7919 + seed) % 97).ToArray();
                var estimates = energies.Select(energy => energy * 1000).ToArray();
                var meter = estimates.Select((energy, i) => gain * energy + power * times[i]).ToArray();
                var weights = meter.Select(energy => 1 / Math.Max(1, energy * energy)).ToArray();

                var fit = LinearFit.TryFit(estimates, times, meter, weights);
                if (fit is null || fit.ConditionNumber > 1e4)
                    return;
                Assert.Equal(gain, fit.A, 1e-6 * Math.Abs(gain) + 1e-6);
                Assert.Equal(power, fit.B, 1e-4 * Math.Abs(power) + 1e-2);
            });

    [Theory]
    [InlineData(new double[0], new double[0])]
    [InlineData(new double[] { 1 }, new double[] { 2 })]
    [InlineData(new double[] { 1, 2, 3 }, new double[] { 2, 4, 6 })]
    [InlineData(new double[] { 1, 2, 3 }, new double[] { 0, 0, 0 })]
    public void Rows_that_cannot_tell_the_two_apart_give_no_fit(double[] u, double[] v)
    {
        var y = new double[u.Length];
        var weights = Enumerable.Repeat(1.0, u.Length).ToArray();

        Assert.Null(LinearFit.TryFit(u, v, y, weights));
    }

    [Fact]
    public void A_weight_of_zero_is_a_mistake() =>
        Assert.Throws<ArgumentException>(() => LinearFit.TryFit([1, 2], [2, 1], [1, 1], [1, 0]));
}
