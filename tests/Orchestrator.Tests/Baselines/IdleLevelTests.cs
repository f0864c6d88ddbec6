using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Statistics;
using MeterLab.Orchestrator.Baselines;

namespace MeterLab.Orchestrator.Tests.Baselines;

public sealed class IdleLevelTests
{
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.8)]
    [InlineData(0.95)]
    public void The_interval_contains_the_truth_as_often_as_it_says(double memory)
    {
        const int Trials = 400;
        var random = new Random(3);
        var inside = 0;
        for (var trial = 0; trial < Trials; trial++)
        {
            // A specimen anywhere within its limits, and a machine that wanders.
            var gain = 1 + 0.005 * (2 * random.NextDouble() - 1);
            var level = IdleLevel.Of(Wander(random, 400, memory, gain * 60), [new ChannelLevel(60, new AccuracyLimit { ReadingPercent = 0.5 }, 0.01)]);
            inside += Math.Abs(level.Watts - 60) <= level.UncertaintyW ? 1 : 0;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"memory {memory}: {100.0 * inside / Trials:0.0} % within");
        Assert.True(inside >= 0.93 * Trials, $"{inside} of {Trials}");
    }

    [Fact]
    public void Unknown_accuracy_states_no_interval()
    {
        var level = IdleLevel.Of(Wander(new Random(1), 100, 0, 60), [new ChannelLevel(60, null, 0)]);
        Assert.Null(level.UncertaintyW);
        Assert.Null(level.MeterW);
    }

    [Fact]
    public void Two_equal_steps_do_not_make_a_curve_and_four_do()
    {
        var idle = IdleLevel.Of(Wander(new Random(1), 200, 0, 50), [new ChannelLevel(50, new AccuracyLimit(), 0)]);
        Assert.Null(PowerCurveFit.Of([new PowerStep(1, 1, 70, 0.1), new PowerStep(1, 1.02, 71, 0.1)], idle));

        // A bend as boost clocks make it: 50 + 22 n - 1.5 n².
        var curve = PowerCurveFit.Of([.. Enumerable.Range(1, 4).Select(n => new PowerStep(n, n, 50 + 22 * n - 1.5 * n * n, 0.2))], idle)!;
        Assert.Equal(("quadratic", true), (curve.Law, curve.Agrees));
        Assert.Equal(50, curve.ExtrapolatedW, 0.01);
        Assert.Equal(22, curve.WPerBusyCore, 0.01);
        Assert.False(PowerCurveFit.Of([.. curve.Steps.Select(step => step with { PowerW = step.PowerW + 6, UW = 0.05 })], idle)!.Agrees);
    }

    private static double[] Wander(Random random, int count, double memory, double mean)
    {
        var values = new double[count];
        var wander = 0.0;
        for (var i = -200; i < count; i++)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            wander = memory * wander + Math.Sqrt(1 - memory * memory) * 0.5 * normal;
            if (i >= 0)
                values[i] = mean + wander;
        }

        return values;
    }
}
