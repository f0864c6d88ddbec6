using MeterLab.Coverage.Lag;

namespace MeterLab.Measurement.Tests.Coverage;

/// <summary>A part of the table in docs/lag.md, with a fixed seed; the command draws more, and other, classes.</summary>
public class LagCoverageTests
{
    private const int Fits = 500;
    private const int Seed = 20260102;

    // What chance allows of a share of 93 % that is true: 2.5 standard deviations of so many fits.
    private static readonly double LeastCoverage = 0.93 - 2.5 * Math.Sqrt(0.93 * 0.07 / Fits);

    [Theory]
    [InlineData("1 s, mean of 0.5 s, stream")]
    [InlineData("1 s, mean of 0.5 s, polled")]
    [InlineData("100 ms, stream")]
    [InlineData("100 ms, polled")]
    public void A_lag_is_found_within_five_percent_of_the_period_and_within_what_it_states(string name)
    {
        var cell = LagCell.Of(LagClass.All.Single(c => c.Name == name), Fits, Seed);
        Assert.Equal(0, cell.Refused);
        Assert.True(cell.WithinAllowed >= 0.95, $"{cell.WithinAllowed:P1} within 5 % of the period");
        Assert.True(cell.Coverage >= LeastCoverage, $"{cell.Coverage:P1} within the stated");
        Assert.True(cell.Ratio95 is >= 0.6 and <= 1.15, $"95th percentile of error / stated {cell.Ratio95:0.00}");
    }
}
