using MeterLab.Orchestrator.Baselines;

namespace MeterLab.Orchestrator.Tests.Baselines;

public sealed class SettlingTests
{
    private const double NegligibleW = 1;

    [Theory]
    [InlineData(0.0, 0.95)]
    [InlineData(0.9, 0.75)]
    public void What_rests_is_called_steady_with_a_memory_or_without(double memory, double share)
    {
        var steady = Enumerable.Range(0, 200).Count(seed => Settling.Judge(Series(seed, 300, memory, _ => 50), NegligibleW).Steady);
        TestContext.Current.TestOutputHelper?.WriteLine($"memory {memory}: {steady} of 200");
        Assert.True(steady >= 200 * share, $"{steady} of 200");
    }

    [Theory]
    [InlineData("ramp")]
    [InlineData("late step")]
    [InlineData("warm-up that goes on")]
    public void What_moves_is_not(string kind)
    {
        Func<int, double> truth = kind switch
        {
            "ramp" => i => 50 + 0.01 * i,
            "late step" => i => i < 285 ? 50 : 55,
            _ => i => 50 + 8 * Math.Exp(-i / 150.0),
        };
        var steady = Enumerable.Range(0, 200).Count(seed => Settling.Judge(Series(seed, 300, 0.5, truth), NegligibleW) is { Steady: true, From: < 150 });
        Assert.True(steady <= 4, $"{steady} of 200 are called steady");
    }

    [Fact]
    public void A_warm_up_that_is_over_is_cut_off()
    {
        var judged = Enumerable.Range(0, 100).Select(seed => Settling.Judge(Series(seed, 400, 0, i => i < 100 ? 58 : 50), NegligibleW)).ToList();
        Assert.All(judged, one => Assert.True(one.From is 0 or >= 95, $"from {one.From}"));
        // Whoever is not called steady waits a little longer.
        Assert.True(judged.Count(one => one is { Steady: true, From: >= 95 and <= 200 }) >= 90, $"{judged.Count(one => one.Steady)} of 100 are steady");
    }

    [Fact]
    public void Too_few_values_are_not_judged() => Assert.False(Settling.Judge(new double[59], NegligibleW).Steady);

    private static double[] Series(int seed, int count, double memory, Func<int, double> truth)
    {
        var random = new Random(seed);
        var values = new double[count];
        var wander = 0.0;
        for (var i = 0; i < count; i++)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            wander = memory * wander + Math.Sqrt(1 - memory * memory) * 0.3 * normal;
            values[i] = truth(i) + wander;
        }

        return values;
    }
}
