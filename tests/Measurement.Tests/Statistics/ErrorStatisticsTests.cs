using CsCheck;

using MeterLab.Measurement.Statistics;

namespace MeterLab.Measurement.Tests.Statistics;

public sealed class ErrorStatisticsTests
{
    [Fact]
    public void Nothing_says_nothing()
    {
        var statistics = ErrorStatistics.From([]);

        Assert.Equal(0, statistics.Count);
        Assert.Null(statistics.Bias);
        Assert.Null(statistics.MeanAbsolute);
        Assert.Null(statistics.Median);
        Assert.Null(statistics.BiasConfidence95);
    }

    [Fact]
    public void One_run_has_a_bias_and_no_spread()
    {
        var statistics = ErrorStatistics.From([-7.5]);

        Assert.Equal(-7.5, statistics.Bias);
        Assert.Equal(7.5, statistics.MeanAbsolute);
        Assert.Equal(-7.5, statistics.Minimum);
        Assert.Equal(-7.5, statistics.Maximum);
        Assert.Null(statistics.StandardDeviation);
        Assert.Null(statistics.BiasConfidence95);
        Assert.Null(statistics.LimitsOfAgreement);
    }

    [Fact]
    public void Four_runs_give_the_figures_worked_out_by_hand()
    {
        // Mean 1, deviations -3 -1 1 3: sum of squares 20, sd sqrt(20/3); t(0.975; 3) = 3.182446.
        var statistics = ErrorStatistics.From([4, -2, 0, 2]);
        var sd = Math.Sqrt(20.0 / 3);

        Assert.Equal(1, statistics.Bias!.Value, 12);
        Assert.Equal(sd, statistics.StandardDeviation!.Value, 12);
        Assert.Equal(1 - 3.182446305 * sd / 2, statistics.BiasConfidence95!.Value.Low, 6);
        Assert.Equal(1 + 3.182446305 * sd / 2, statistics.BiasConfidence95!.Value.High, 6);
        Assert.Equal(1 - 1.96 * sd, statistics.LimitsOfAgreement!.Value.Low, 12);
        Assert.Equal(2, statistics.MeanAbsolute!.Value, 12);
        Assert.Equal(2, statistics.MedianAbsolute!.Value, 12);
        Assert.Equal(1, statistics.Median!.Value, 12);
        Assert.Equal(-2, statistics.Minimum);
        Assert.Equal(4, statistics.Maximum);
    }

    [Fact]
    public void An_odd_count_has_the_middle_one_as_median() =>
        Assert.Equal(3, ErrorStatistics.From([100, 3, -50]).Median);

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void What_is_no_number_is_refused(double error) =>
        Assert.Throws<ArgumentException>(() => ErrorStatistics.From([1, error]));

    [Theory]
    [InlineData(1, 12.706204736)]
    [InlineData(10, 2.228138852)]
    [InlineData(38, 2.024394164)]
    [InlineData(1000, 1.962339081)]
    public void Student_factors_are_those_of_the_tables(int freedom, double factor) =>
        Assert.Equal(factor, ErrorStatistics.StudentFactor95(freedom), 6);

    [Fact]
    public void Too_little_is_negative() => Assert.Equal(-20, ErrorStatistics.RelativeErrorPct(80, 100), 12);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void No_error_is_relative_to_nothing(double meter) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ErrorStatistics.RelativeErrorPct(80, meter));

    [Fact]
    public void Order_does_not_matter_and_the_median_lies_between_the_ends() =>
        Gen.Double[-100, 100].Array[2, 40].Sample(errors =>
        {
            var forward = ErrorStatistics.From(errors);
            var backward = ErrorStatistics.From(errors.Reverse());
            Assert.Equal(forward, backward);
            Assert.InRange(forward.Median!.Value, forward.Minimum!.Value, forward.Maximum!.Value);
            Assert.True(forward.MeanAbsolute >= Math.Abs(forward.Bias!.Value) - 1e-9);
        });
}
