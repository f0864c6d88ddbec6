using MeterLab.Measurement.Lag;
using MeterLab.Measurement.Meters;

namespace MeterLab.Measurement.Tests.Lag;

public class LagFitTests
{
    private static (long[] Read, double[] Watts, LoadPattern Pattern) Play(
        double period, double window, double delay, double noise, int seed, int order = 5, double periodsPerChip = 4.37)
    {
        var random = new Random(seed);
        var plan = SyncPattern.Create(order, period, periodsPerChip);
        var edges = new List<long>();
        var levels = new List<bool>();
        var start = 5.0 + random.NextDouble() * period;
        for (var i = 0; i < plan.Bits.Count; i++)
        {
            edges.Add((long)((start + i * plan.ChipSeconds) * 1e9));
            levels.Add(plan.Bits[i]);
        }

        var phase = random.NextDouble() * period;
        var read = new List<long>();
        var watts = new List<double>();
        double Integral(double t)
        {
            double sum = 0;
            for (var i = 0; i < edges.Count; i++)
            {
                var from = edges[i] * 1e-9;
                var to = i + 1 < edges.Count ? edges[i + 1] * 1e-9 : double.MaxValue;
                if (levels[i] && t > from)
                    sum += Math.Min(t, to) - from;
            }

            return sum;
        }

        for (var t = phase; t < start + plan.Seconds + 5; t += period)
        {
            var end = t - delay;
            var mean = (Integral(end) - Integral(end - window)) / window;
            var gauss = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            read.Add((long)(t * 1e9));
            watts.Add(60 + 40 * mean + noise * gauss);
        }

        return ([.. read], [.. watts], new LoadPattern(edges, levels));
    }

    [Theory]
    [InlineData(1.0, 0.5)]
    [InlineData(0.1, 0.1)]
    [InlineData(0.01, 0.01)]
    public void A_lag_is_found_to_a_fraction_of_the_update_period_and_its_interval_holds(double period, double window)
    {
        var inside = 0;
        const int Trials = 20;
        for (var seed = 0; seed < Trials; seed++)
        {
            var delay = 0.1 * period + 0.07 * seed * period;
            var (read, watts, pattern) = Play(period, window, delay, noise: 2, seed);
            var fit = LagFit.Fit(read, watts, pattern, new MeterResponse(period, window, 0), averagingKnown: true, maxDelaySeconds: 4 * period);
            Assert.True(fit.Visible, fit.Reason);
            Assert.InRange(fit.DelaySeconds, delay - Math.Max(0.05 * period, 0.002), delay + Math.Max(0.05 * period, 0.002));
            Assert.Equal(40, fit.StepW, 2.0);
            inside += Math.Abs(fit.DelaySeconds - delay) <= 2 * fit.DelayUncertaintySeconds ? 1 : 0;
        }

        Assert.True(inside >= Trials - 2, $"{inside} of {Trials} within the stated uncertainty");
    }

    [Fact]
    public void The_averaging_is_found_where_it_is_not_known()
    {
        var (read, watts, pattern) = Play(1, 0.5, 0.3, 1, 7);
        var fit = LagFit.Fit(read, watts, pattern, new MeterResponse(1, 1, 0), averagingKnown: false, maxDelaySeconds: 4);
        Assert.Equal(ResponseShape.Average, fit.Shape);
        Assert.InRange(fit.AveragingSeconds, 0.35, 0.65);
        // Delay and window trade with each other: their sum to the window's middle is what the trace fixes.
        Assert.Equal(0.3 + 0.25, fit.DelaySeconds + fit.AveragingSeconds / 2, 0.05);
    }

    [Fact]
    public void A_trace_that_does_not_show_the_pattern_is_refused_with_the_reason()
    {
        var (read, watts, pattern) = Play(1, 1, 0.3, 1, 7);
        var random = new Random(2);
        for (var i = 0; i < watts.Length; i++)
            watts[i] = 60 + random.NextDouble();
        var fit = LagFit.Fit(read, watts, pattern, new MeterResponse(1, 1, 0), averagingKnown: true, maxDelaySeconds: 4);
        Assert.False(fit.Visible);
        Assert.Contains("not visible", fit.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_maximum_length_sequence_has_one_more_one_than_zeros()
    {
        for (var order = 3; order <= 7; order++)
        {
            var bits = SyncPattern.Create(order, 1).Bits;
            Assert.Equal((1 << order) / 2, bits.Count(bit => bit));
            Assert.False(bits[0]);
            Assert.False(bits[^1]);
        }
    }
}
