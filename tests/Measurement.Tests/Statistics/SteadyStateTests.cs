using MeterLab.Measurement.Statistics;

namespace MeterLab.Measurement.Tests.Statistics;

public sealed class SteadyStateTests
{
    private static double[] Series(int count, int seed, Func<int, double> level, double memory = 0)
    {
        var random = new Random(seed);
        var (values, state) = (new double[count], 0.0);
        for (var i = 0; i < count; i++)
        {
            state = memory * state + Math.Sqrt(1 - memory * memory) * Normal(random);
            values[i] = level(i) + state;
        }

        return values;
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    [Theory]
    [InlineData(0)]
    [InlineData(0.8)]
    public void A_steady_trace_is_mostly_called_steady(double memory)
    {
        var steady = Enumerable.Range(0, 400).Count(seed => SteadyState.Of(Series(600, seed, _ => 60, memory)).Steady);

        Assert.InRange(steady / 400.0, 0.80, 1);
    }

    [Fact]
    public void A_warm_up_is_cut_off()
    {
        var states = Enumerable.Range(0, 100).Select(seed => SteadyState.Of(Series(600, seed, i => 60 + 20 * Math.Exp(-i / 30.0)))).ToArray();

        Assert.InRange(states.Count(state => state.Steady), 75, 100);
        // After 100 values 0.7 W are left, after 200 nothing that shows.
        Assert.InRange(states.Average(state => state.From), 60, 250);
    }

    [Fact]
    public void A_drift_is_seen_and_said()
    {
        var states = Enumerable.Range(0, 100).Select(seed => SteadyState.Of(Series(600, seed, i => 60 + 0.005 * i))).ToArray();

        Assert.All(states, state => Assert.False(state.Steady));
        Assert.All(states, state => Assert.NotNull(state.Reason));
        Assert.True(SteadyState.Of(Series(600, 1, i => 60 + 0.0002 * i), negligible: 1).Steady);
    }

    [Fact]
    public void A_fan_that_comes_on_late_is_no_steady_state()
    {
        var states = Enumerable.Range(0, 100).Select(seed => SteadyState.Of(Series(600, seed, i => i < 450 ? 60 : 65))).ToArray();

        Assert.DoesNotContain(states, state => state.Steady && state.From < 400);
    }

    [Fact]
    public void Too_few_values_tell_nothing()
    {
        Assert.False(SteadyState.Of(Series(30, 1, _ => 60)).Steady);
        Assert.False(SteadyState.Of([]).Steady);
    }
}
