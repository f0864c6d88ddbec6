using MeterLab.Measurement.Statistics;

namespace MeterLab.Measurement.Tests.Statistics;

public sealed class SelectionTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(7, 2)]
    [InlineData(1000, 1_000_000)]
    [InlineData(1000, 5)]
    public void Every_rank_is_what_a_sort_puts_there(int count, int different)
    {
        var random = new Random(17);
        for (var round = 0; round < 20; round++)
        {
            var values = Enumerable.Range(0, count).Select(_ => (double)random.Next(different) - different / 2).ToArray();
            var sorted = values.Order().ToArray();
            for (var rank = 0; rank < count; rank += 1 + count / 50)
                Assert.Equal(sorted[rank], Selection.At(values.ToArray(), rank));
        }
    }

    [Fact]
    public void Ordered_values_and_those_that_meet_the_pivots_badly_are_found_too()
    {
        var rising = Enumerable.Range(0, 50_000).Select(i => (double)i).ToArray();
        var organ = rising.Select(i => Math.Min(i, 50_000 - i)).ToArray();

        Assert.Equal(12_345, Selection.At(rising.ToArray(), 12_345));
        Assert.Equal(12_345, Selection.At(rising.Reverse().ToArray(), 12_345));
        Assert.Equal(organ.Order().ElementAt(40_000), Selection.At(organ.ToArray(), 40_000));
    }

    [Fact]
    public void A_rank_that_is_not_there_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Selection.At(new double[3], 3));
}
