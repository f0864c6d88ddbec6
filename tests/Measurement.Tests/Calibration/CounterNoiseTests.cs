using MathNet.Numerics.Distributions;

using MeterLab.Measurement.Calibration;

namespace MeterLab.Measurement.Tests.Calibration;

public sealed class CounterNoiseTests
{
    // The fold of triangle and t, summed up in small steps: the slow way to the same number.
    private static double Folded(double residual, double scale, double count)
    {
        const int Steps = 20_000;
        var sum = 0.0;
        for (var i = 0; i < Steps; i++)
        {
            var shift = count * (-1 + (2 * i + 1.0) / Steps);
            sum += (1 - Math.Abs(shift) / count) / count * StudentT.PDF(0, scale, 4, residual - shift) * 2 * count / Steps;
        }

        return sum;
    }

    [Theory]
    [InlineData(0, 100, 3600)]
    [InlineData(1800, 100, 3600)]
    [InlineData(3550, 30, 3600)]
    [InlineData(-9000, 300, 3600)]
    [InlineData(500, 800, 360)]
    [InlineData(20, 1000, 25)]
    public void The_density_is_the_triangle_folded_with_t(double residual, double scale, double count) =>
        Assert.Equal(1, Math.Exp(CounterNoise.LogDensity(residual, scale, count)) / Folded(residual, scale, count), 1e-4);

    [Fact]
    public void Without_a_count_it_is_t() =>
        Assert.Equal(StudentT.PDFLn(0, 50, 4, 170), CounterNoise.LogDensity(170, 50, 0), 9);

    [Theory]
    [InlineData(700, 100, 3600)]
    [InlineData(-3700, 100, 3600)]
    [InlineData(90, 40, 0)]
    [InlineData(-30, 1000, 15)]
    public void The_pull_is_the_slope_of_the_density(double residual, double scale, double count)
    {
        var step = scale * 1e-4;
        var slope = (CounterNoise.LogDensity(residual + step, scale, count) - CounterNoise.LogDensity(residual - step, scale, count)) / (2 * step);

        Assert.Equal(-slope, CounterNoise.Pull(residual, scale, count), 1e-5 * Math.Abs(slope) + 1e-12);
    }

    [Theory]
    [InlineData(100, 3600)]
    [InlineData(1000, 3600)]
    [InlineData(1000, 50)]
    [InlineData(3, 3600)]
    public void The_information_is_the_mean_squared_pull(double scale, double count)
    {
        var (sum, mass) = (0.0, 0.0);
        var (step, reach) = (scale / 200, 2 * count + 60 * scale);
        for (var residual = -reach; residual < reach; residual += step)
        {
            var density = Math.Exp(CounterNoise.LogDensity(residual, scale, count)) * step;
            mass += density;
            sum += density * Math.Pow(CounterNoise.Pull(residual, scale, count), 2);
        }

        Assert.Equal(1, mass, 1e-4);
        Assert.Equal(1, CounterNoise.Information(scale, count) / sum, 2e-3);
    }

    [Fact]
    public void Far_tails_keep_their_digits()
    {
        // Far from the triangle only t is left: its tail falls with the fifth power.
        var ratio = Math.Exp(CounterNoise.LogDensity(1e6, 10, 3600) - CounterNoise.LogDensity(2e6, 10, 3600));

        Assert.Equal(32, ratio, 0.05);
    }
}
