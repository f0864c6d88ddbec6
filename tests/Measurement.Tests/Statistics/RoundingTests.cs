using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Statistics;

namespace MeterLab.Measurement.Tests.Statistics;

/// <summary>What a coarse meter's rounding leaves of a mean.</summary>
public sealed class RoundingTests
{
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.1)]
    [InlineData(0.3)]
    [InlineData(0.6)]
    [InlineData(1.0)]
    public void The_stated_rounding_is_at_least_the_true_one(double noise)
    {
        var random = new Random(7);
        var (squares, stated) = (0.0, 0.0);
        const int Trials = 200, Readings = 400;
        for (var trial = 0; trial < Trials; trial++)
        {
            var level = 60 + (trial + 0.5) / Trials;
            var readings = new double[Readings];
            var truth = 0.0;
            for (var i = 0; i < Readings; i++)
            {
                var power = level + noise * Normal(random);
                truth += power / Readings;
                readings[i] = Math.Round(power);
            }

            squares += Math.Pow(readings.Average() - truth, 2) / Trials;
            stated += Math.Pow(new ChannelLevel(60, new AccuracyLimit(), 1, ReadingScatter.Of(readings)).RoundingW, 2) / Trials;
        }

        // Of 400 readings the single rounding errors leave 1 / sqrt(12 x 400) by themselves, which is in the scatter of the readings.
        Assert.True(stated + 1.0 / 12 / Readings * 1.3 >= squares, $"stated {Math.Sqrt(stated):0.000} W, true {Math.Sqrt(squares):0.000} W");
        Assert.True(noise < 1 || stated < 0.05 * 0.05, $"{Math.Sqrt(stated)} W are stated where noise spreads the rounding");
    }

    [Fact]
    public void A_load_that_comes_and_goes_does_not_spread_rounding()
    {
        double[] readings = [.. Enumerable.Range(0, 200).Select(i => i / 20 % 2 == 0 ? 50.0 : 55.0)];
        Assert.Equal(0, ReadingScatter.Of(readings));
        Assert.Equal(1 / Math.Sqrt(12), new ChannelLevel(52.5, null, 1, ReadingScatter.Of(readings)).RoundingW);
    }

    [Fact]
    public void Readings_between_two_codes_tell_nothing_of_their_distance()
    {
        var random = new Random(1);
        double[] readings = [.. Enumerable.Range(0, 200).Select(_ => 60.0 + random.Next(2))];
        Assert.Equal(1 / Math.Sqrt(12), new ChannelLevel(60, null, 1, ReadingScatter.Of(readings)).RoundingW);
        Assert.Equal(0, new ChannelLevel(60, null, 0, 1).RoundingW);
        Assert.Equal(0, ReadingScatter.Of([1, 2, 3]));
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
