using CsCheck;

using MeterLab.Measurement.Calibration;
using MeterLab.Measurement.Statistics;

namespace MeterLab.Measurement.Tests.Calibration;

public sealed class CalibrationFitTests
{
    private static CalibrationRun Run(double watts, double seconds, string cluster, Func<double, double, double>? meter = null, double count = 0) => new()
    {
        EstimateJ = watts * seconds,
        DurationS = seconds,
        MeterJ = (meter ?? ((e, t) => 1.2 * e + 30 * t))(watts * seconds, seconds),
        Cluster = cluster,
        CountJ = count,
    };

    private static CalibrationRun[] Exact() =>
        [.. Enumerable.Range(0, 24).Select(i => Run(50 + 37 * i % 300, 100 + 13 * i % 70, $"w{i % 6}"))];

    [Fact]
    public void An_exact_law_comes_back_and_holds_for_what_it_has_not_seen()
    {
        var fit = CalibrationFit.TryFit(Exact())!;

        Assert.Equal(1.2, fit.Law.Gain, 6);
        Assert.Equal(30, fit.Law.UnseenW, 3);
        Assert.All(fit.LeftOutErrorsPct!, error => Assert.Equal(0, error, 3));
        Assert.Equal((24, 6), (fit.Law.Runs, fit.Law.Clusters));
    }

    [Fact]
    public void Known_laws_come_back_whatever_their_size() =>
        Gen.Select(Gen.Double[0.3, 4], Gen.Double[-20, 300], Gen.Double[-3, 3]).Sample((gain, unseen, size) =>
        {
            var scale = Math.Pow(10, size);
            var fit = CalibrationFit.TryFit([.. Enumerable.Range(0, 20).Select(i =>
                Run(scale * (100 + 29 * i % 200), 60 + 17 * i % 90, $"w{i % 5}", (e, t) => gain * e + scale * unseen * t))])!;
            Assert.Equal(gain, fit.Law.Gain, 1e-4 * gain);
            Assert.Equal(unseen * scale, fit.Law.UnseenW, 2e-2 * scale);
        }, iter: 50);

    [Fact]
    public void A_few_wrong_runs_hardly_move_it_where_least_squares_goes_astray()
    {
        var runs = Exact();
        runs[3] = runs[3] with { MeterJ = runs[3].MeterJ * 2 };
        runs[11] = runs[11] with { MeterJ = runs[11].MeterJ * 0.5 };

        var fit = CalibrationFit.TryFit(runs)!;
        var plain = LinearFit.TryFit([.. runs.Select(r => r.EstimateJ)], [.. runs.Select(r => r.DurationS)], [.. runs.Select(r => r.MeterJ)],
            [.. runs.Select(r => 1 / (r.MeterJ * r.MeterJ))])!;

        Assert.Equal(1.2, fit.Law.Gain, 0.01);
        Assert.Equal(30, fit.Law.UnseenW, 1.0);
        Assert.True(Math.Abs(plain.A - 1.2) > 0.05);
    }

    [Fact]
    public void A_coarse_count_is_an_interval_and_not_a_number()
    {
        var counted = Enumerable.Range(0, 60).Select(i =>
        {
            var run = Run(60 + 41 * i % 260, 110 + 7 * i % 30, $"w{i % 20}", count: 3600);
            var start = 0.618034 * i % 1;
            return run with { MeterJ = (Math.Floor(start + run.MeterJ / 3600) - Math.Floor(start)) * 3600 };
        }).Where(run => run.MeterJ > 0).ToArray();

        var fit = CalibrationFit.TryFit(counted)!;

        Assert.InRange(Math.Abs(fit.Law.Gain - 1.2), 0, fit.Law.Uncertainty(0));
        Assert.InRange(Math.Abs(fit.Law.UnseenW - 30), 0, fit.Law.Uncertainty(1));
        Assert.All(fit.LeftOutCounts!, count => Assert.InRange(count, -1.1, 1.1));
        Assert.InRange(fit.Law.RelativeScatter, 0, 0.03);
    }

    [Fact]
    public void Errors_of_the_estimate_do_not_flatten_the_gain()
    {
        var random = new Random(4);
        double Noise() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var runs = Enumerable.Range(0, 2000).Select(i =>
        {
            var run = Run(80 + 40 * random.NextDouble(), 100 + 20 * random.NextDouble(), $"w{i % 100}");
            return run with { EstimateJ = run.EstimateJ * (1 + 0.06 * Noise()), EstimateStandardJ = 0.06 * run.EstimateJ };
        }).ToArray();

        var both = CalibrationFit.TryFit(runs)!.Law;
        var one = CalibrationFit.TryFit([.. runs.Select(run => run with { EstimateStandardJ = 0 })])!.Law;

        Assert.InRange(Math.Abs(both.Gain - 1.2), 0, both.Uncertainty(0));
        Assert.True(one.Gain < 1.0, $"{one.Gain}");
    }

    [Fact]
    public void The_meters_own_gain_limits_what_many_runs_can_tell()
    {
        var plain = CalibrationFit.TryFit(Exact())!.Law;
        var limited = CalibrationFit.TryFit(Exact(), new CalibrationOptions { MeterGainRelative = 0.005 })!.Law;

        Assert.Equal(0.005 * 1.2, Math.Sqrt(limited.Covariance[0, 0] - plain.Covariance[0, 0]), 5);
        Assert.Equal(0.005 * 30, Math.Sqrt(limited.Covariance[1, 1] - plain.Covariance[1, 1]), 3);
    }

    [Fact]
    public void An_idle_difference_decides_what_runs_of_one_power_cannot()
    {
        // One power to a hundredth: gain and constant power cannot be told apart by these runs.
        CalibrationRun[] runs = [.. Enumerable.Range(0, 20).Select(i => Run(100 + 0.05 * (i % 5), 100 + i, $"w{i % 5}", (e, t) => (1.2 * e + 30 * t) * (1 + 0.004 * (i % 3 - 1))))];
        var idle = new IdleDifference(IdleW: 1.2 * 20 + 30, IdleStandardW: 0.2, EstimateW: 20, EstimateStandardW: 0.1);

        var alone = CalibrationFit.TryFit(runs)!.Law;
        var helped = CalibrationFit.TryFit(runs, new CalibrationOptions { Prior = idle })!.Law;

        Assert.True(alone.Uncertainty(0) > 1);
        Assert.True(helped.Uncertainty(0) < 0.05);
        Assert.Equal(1.2, helped.Gain, 0.02);
        Assert.InRange(idle.Disagreement(alone), -2, 2);
        Assert.True(Math.Abs(idle.Disagreement(CalibrationFit.TryFit(Exact())!.Law with { Coefficients = [1.2, 60] })) > 10);
    }

    [Fact]
    public void A_further_term_finds_the_gain_of_a_component()
    {
        CalibrationRun[] runs = [.. Enumerable.Range(0, 40).Select(i =>
        {
            var (cpu, gpu, seconds) = (20.0 + 31 * i % 60, 50.0 + 47 * i % 200, 100.0 + 13 * i % 50);
            return new CalibrationRun
            {
                EstimateJ = (cpu + gpu) * seconds, DurationS = seconds, MeterJ = (1.5 * cpu + 1.1 * gpu + 40) * seconds, Cluster = $"w{i % 8}", Further = [gpu * seconds],
            };
        })];

        var law = CalibrationFit.TryFit(runs)!.Law;

        Assert.Equal(1.5, law.Gain, 3);
        Assert.Equal(-0.4, law.Coefficients[2], 3);
        Assert.Equal(40, law.UnseenW, 1);
    }

    [Fact]
    public void Few_or_proportional_runs_determine_nothing_and_one_cluster_is_not_judged()
    {
        Assert.Null(CalibrationFit.TryFit([]));
        Assert.Null(CalibrationFit.TryFit([Run(100, 100, "a")]));
        Assert.Null(CalibrationFit.TryFit([Run(100, 100, "a"), Run(100, 200, "b"), Run(100, 50, "c")]));
        var one = CalibrationFit.TryFit([Run(100, 100, "a"), Run(200, 100, "a"), Run(300, 120, "a")])!;
        Assert.Null(one.LeftOutErrorsPct);
        Assert.Equal("a", one.Indispensable);
    }

    [Theory]
    [InlineData(double.NaN, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, 0)]
    public void A_run_without_sense_is_refused(double estimate, double seconds, double meter) =>
        Assert.Throws<ArgumentException>(() => CalibrationFit.TryFit(
            [.. Exact(), new CalibrationRun { EstimateJ = estimate, DurationS = seconds, MeterJ = meter, Cluster = "x" }]));

    [Fact]
    public void Left_out_laws_are_those_of_the_others()
    {
        var runs = Exact().Select((run, i) => run with { MeterJ = run.MeterJ * (1 + 0.01 * Math.Sin(5.0 * i)) }).ToArray();

        var fit = CalibrationFit.TryFit(runs)!;
        var others = CalibrationFit.TryFit([.. runs.Where(run => run.Cluster != "w2")])!;
        var own = Array.FindIndex(runs, run => run.Cluster == "w2");

        // The scatter is that of all runs, so the two agree to a small part of the scatter only.
        Assert.Equal((others.Law.At(runs[own].EstimateJ, runs[own].DurationS) / runs[own].MeterJ - 1) * 100, fit.LeftOutErrorsPct![own], 0.05);
    }

    [Fact]
    public void The_parts_of_an_error_sum_to_it()
    {
        var law = CalibrationFit.TryFit(Exact())!.Law;

        var split = ErrorSplit.Of(law, estimateJ: 9_000, meterJ: 15_000, durationS: 100, estimateDurationS: 95);

        Assert.Equal(-40, split.ErrorPct, 9);
        Assert.Equal(split.ErrorPct, split.GainPct + split.StaticPct + split.WindowPct + split.RestPct, 9);
        Assert.Equal(-20, split.StaticPct, 3);
        Assert.Equal(-5, split.WindowPct, 9);
        Assert.Equal(-0.2 * (9_000 + 750) / 15_000 * 100, split.GainPct, 3);
    }
}
