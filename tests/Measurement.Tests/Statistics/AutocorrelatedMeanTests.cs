using MeterLab.Measurement.Statistics;

namespace MeterLab.Measurement.Tests.Statistics;

public sealed class AutocorrelatedMeanTests
{
    [Theory]
    [InlineData(0, 60)]
    [InlineData(0, 600)]
    [InlineData(0.5, 300)]
    [InlineData(0.8, 600)]
    [InlineData(0.9, 1200)]
    public void The_mean_of_a_series_with_memory_has_an_honest_interval(double memory, int count)
    {
        var ratios = Enumerable.Range(0, 1000).Select(seed =>
        {
            var mean = AutocorrelatedMean.Of(Series(count, seed, memory));
            return Math.Abs(mean.Mean) / mean.Uncertainty95;
        }).Order().ToArray();

        Assert.True(ratios[929] <= 1, $"93 % lie within {ratios[929]:0.00} of the stated");
        Assert.InRange(ratios[949], 0.67, 1.05);
    }

    [Fact]
    public void A_memory_leaves_fewer_independent_values()
    {
        var counts = Enumerable.Range(0, 40).Select(seed => AutocorrelatedMean.Of(Series(2000, seed, 0.8)).EffectiveCount).ToList();

        // (1 - 0.8) / (1 + 0.8) of them; each one is known to a quarter at best.
        Assert.Equal(2000 / 9.0, counts.Average(), 60.0);
    }

    [Fact]
    public void White_noise_keeps_most_of_its_values() =>
        Assert.InRange(Enumerable.Range(0, 40).Average(seed => AutocorrelatedMean.Of(Series(300, seed, 0)).EffectiveCount), 200, 300);

    [Fact]
    public void The_interval_is_that_of_a_student_with_the_stated_freedom()
    {
        var mean = AutocorrelatedMean.Of(Series(200, 4, 0.6));
        Assert.Equal(mean.Uncertainty95, mean.StandardError * MathNet.Numerics.Distributions.StudentT.InvCDF(0, 1, mean.Freedom, 0.975), 1e-6);
        Assert.True(mean.Freedom >= 1);
    }

    [Fact]
    public void A_slow_wandering_that_the_series_shows_widens_the_interval_far_beyond_that_of_independent_values()
    {
        var series = Series(600, 9, 0.99);
        var spread = Math.Sqrt(series.Sum(value => value * value) / 600);
        Assert.True(AutocorrelatedMean.Of(series).StandardError > 5 * spread / Math.Sqrt(600));
    }

    [Fact]
    public void A_constant_has_no_error()
    {
        var mean = AutocorrelatedMean.Of([5, 5, 5, 5, 5, 5, 5, 5]);

        Assert.Equal((5.0, 0.0, 0.0), (mean.Mean, mean.StandardError, mean.Uncertainty95));
        Assert.Throws<ArgumentException>(() => AutocorrelatedMean.Of([1, 2, double.NaN, 3, 4, 5, 6, 7]));
        Assert.Throws<ArgumentOutOfRangeException>(() => AutocorrelatedMean.Of([1, 2, 3, 4, 5, 6, 7]));
    }

    [Fact]
    public void What_only_alternates_or_has_one_outlier_still_has_an_error()
    {
        double[] alternating = [.. Enumerable.Range(0, 64).Select(i => i % 2 == 0 ? 1.0 : -1.0)];
        double[] outlier = [.. Enumerable.Range(0, 64).Select(i => i == 40 ? 1.0 : 0.0)];
        foreach (var series in new[] { alternating, outlier })
        {
            var mean = AutocorrelatedMean.Of(series);
            Assert.True(double.IsFinite(mean.Uncertainty95) && mean.Uncertainty95 > 0, $"{mean.Uncertainty95}");
            Assert.InRange(mean.EffectiveCount, 1, 64);
        }
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.1)]
    [InlineData(1)]
    [InlineData(3)]
    public void The_variances_of_a_wandering_are_those_of_its_autocovariance(double memory)
    {
        const int Count = 50;
        var variances = WanderModel.Wandering(memory, Count, 10);
        for (var k = 0; k <= 10; k++)
        {
            var sum = 0.0;
            for (var i = 0; i < Count; i++)
            {
                for (var j = 0; j < Count; j++)
                    sum += Covariance(Math.Abs(i - j), 1 / (memory * Count)) * Wave(k, i) * Wave(k, j);
            }

            Assert.Equal(1, variances[k] / (sum * (k == 0 ? 1 : 2) / (Count * Count)), 1e-6);
        }

        double Wave(int k, int i) => Math.Cos(Math.PI * k * (i + 0.5) / Count);
    }

    // Of two means over equal intervals so many apart, by numbers: the intervals in a hundred pieces.
    private static double Covariance(int apart, double decay)
    {
        if (apart > 0)
            return Math.Exp(-decay * (apart - 1)) * Math.Pow((1 - Math.Exp(-decay)) / decay, 2);
        const int Pieces = 20_000;
        // 2 times the integral of (1 - t) exp(-decay t).
        return Enumerable.Range(0, Pieces).Sum(i => 2 * (1 - (i + 0.5) / Pieces) * Math.Exp(-decay * (i + 0.5) / Pieces)) / Pieces;
    }

    private static double[] Series(int count, int seed, double memory)
    {
        var random = new Random(seed);
        var values = new double[count];
        var state = Normal(random);
        for (var i = 0; i < count; i++)
            values[i] = state = memory * state + Math.Sqrt(1 - memory * memory) * Normal(random);
        return values;
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
