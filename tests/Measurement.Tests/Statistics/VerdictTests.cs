using MeterLab.Measurement.Statistics;

namespace MeterLab.Measurement.Tests.Statistics;

public sealed class VerdictTests
{
    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    [Fact]
    public void Repetitions_do_not_stand_for_kinds_of_work()
    {
        // Three kinds at -10, 0 and 10 %, four runs each within a tenth: twelve runs, but three figures.
        double[] errors = [-10.1, -10, -10, -9.9, -0.1, 0, 0, 0.1, 9.9, 10, 10, 10.1];
        string[] kinds = [.. Enumerable.Range(0, 12).Select(i => $"k{i / 4}")];

        var agreement = RepeatedAgreement.From(errors, kinds)!;

        Assert.Equal((12, 3, 2), (agreement.Count, agreement.Kinds, agreement.BiasFreedom));
        Assert.Equal(10, agreement.Between!.Value, 2);
        // Three times 0.02 on nine degrees of freedom.
        Assert.Equal(Math.Sqrt(0.06 / 9), agreement.Within!.Value, 6);
        Assert.Equal(10 / Math.Sqrt(3), agreement.BiasStandard, 2);
        Assert.True(agreement.Bias95.High > 24);
        Assert.True(ErrorStatistics.From(errors).BiasConfidence95!.Value.High < 6);
    }

    [Fact]
    public void Without_repetitions_it_is_the_plain_agreement()
    {
        double[] errors = [4, -2, 0, 2];
        var agreement = RepeatedAgreement.From(errors, ["a", "b", "c", "d"])!;
        var plain = ErrorStatistics.From(errors);

        Assert.Equal(plain.LimitsOfAgreement!.Value.Low, agreement.Limits.Low, 9);
        Assert.Equal(plain.BiasConfidence95!.Value.High, agreement.Bias95.High, 9);
        Assert.Null(agreement.Within);
        Assert.Null(RepeatedAgreement.From([1], ["a"]));
    }

    [Fact]
    public void Limits_and_bias_have_intervals_that_contain_the_truth()
    {
        const int Studies = 1000;
        var random = new Random(8);
        var (bias, upper) = (0, 0);
        var limit = -20 + 1.96 * Math.Sqrt(9 + 4);
        for (var i = 0; i < Studies; i++)
        {
            var kinds = Enumerable.Range(0, 12).SelectMany(kind => Enumerable.Repeat((Kind: $"k{kind}", Level: 3 * Normal(random)), 2 + kind % 4)).ToArray();
            var agreement = RepeatedAgreement.From([.. kinds.Select(kind => -20 + kind.Level + 2 * Normal(random))], [.. kinds.Select(kind => kind.Kind)])!;
            bias += agreement.Bias95 is var (low, high) && low <= -20 && -20 <= high ? 1 : 0;
            upper += agreement.UpperLimit95 is var (from, to) && from <= limit && limit <= to ? 1 : 0;
        }

        Assert.InRange(bias / (double)Studies, 0.92, 0.98);
        Assert.InRange(upper / (double)Studies, 0.91, 0.99);
    }

    [Theory]
    [InlineData(1, 0.5, 20, 5, true)]
    [InlineData(4.5, 0.5, 20, 5, false)]
    [InlineData(0, 5, 20, 5, false)]
    public void Equivalence_is_shown_and_not_assumed(double mean, double standard, int freedom, double margin, bool shown)
    {
        var test = Equivalence.Test(mean, standard, freedom, margin);

        Assert.Equal(shown, test.Shown);
        Assert.Equal(shown, test.Interval90.Low > -margin && test.Interval90.High < margin);
    }

    [Fact]
    public void Two_one_sided_tests_by_hand() =>
        // t = (1 - 5) / 2 = -2 with 10 degrees of freedom: 0.03669.
        Assert.Equal(0.036694, Equivalence.Test(1, 2, 10, 5).Probability, 5);

    [Fact]
    public void Many_comparisons_are_corrected_as_in_the_paper()
    {
        // Benjamini and Hochberg 1995, section 3.2: fifteen probabilities, the first four pass at 5 %.
        double[] raw = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000];

        var adjusted = FalseDiscovery.Adjust(raw);

        Assert.Equal(4, adjusted.Count(probability => probability <= 0.05));
        Assert.Equal(0.0001 * 15, adjusted[0], 9);
        Assert.Equal(0.0095 * 15 / 4, adjusted[3], 9);
        Assert.Equal(adjusted, FalseDiscovery.Adjust([.. raw.Reverse()]).Reverse());
        Assert.Empty(FalseDiscovery.Adjust([]));
    }

    [Theory]
    // n with t(n - 1) x 2 / sqrt(n) <= 1: at 17 it is 1.028, at 18 it is 0.995.
    [InlineData(2, 1, 0, 18)]
    [InlineData(0, 1, 0, 2)]
    public void Runs_are_counted(double deviation, double width, double systematic, int runs) =>
        Assert.Equal(runs, RunsNeeded.For(deviation, width, systematic));

    [Fact]
    public void What_the_meter_shares_with_every_run_cannot_be_run_away() => Assert.Null(RunsNeeded.For(2, 1, systematic: 1));

    [Fact]
    public void Whole_clusters_are_drawn()
    {
        var random = new Random(6);
        var covered = Enumerable.Range(0, 300).Count(i =>
        {
            var clusters = Enumerable.Range(0, 10).SelectMany(cluster => Enumerable.Repeat(($"c{cluster}", Normal(random)), 5)).ToArray();
            var (low, high) = ClusterBootstrap.MeanInterval95([.. clusters.Select(c => 2 + c.Item2 + 0.1 * Normal(random))], [.. clusters.Select(c => c.Item1)], i)!.Value;
            return low <= 2 && 2 <= high;
        });

        Assert.InRange(covered / 300.0, 0.90, 0.99);
        Assert.Null(ClusterBootstrap.MeanInterval95([1, 2], ["a", "a"]));
    }
}
