using CsCheck;

using MeterLab.Measurement.Energy;
using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Samples;

namespace MeterLab.Measurement.Tests.Energy;

public class PowerIntegratorTests
{
    private static readonly AccuracyLimit Exact = new();

    private static PowerSeries Contiguous(double period, int count, Func<double, double, double> mean)
    {
        var ends = new long[count];
        var watts = new double[count];
        for (var k = 0; k < count; k++)
        {
            ends[k] = (long)((k + 1) * period * 1e9);
            watts[k] = mean(k * period, (k + 1) * period);
        }

        return PowerSeries.Create(ends, watts, [], period, period);
    }

    // The mean of a load that is 100 W in [10, 20) s and 60 W elsewhere.
    private static double PulseMean(double a, double b) => 60 + 40 * Math.Max(0, Math.Min(b, 20) - Math.Max(a, 10)) / (b - a);

    [Fact]
    public void Constant_power_is_power_times_time()
    {
        var total = PowerIntegrator.Integrate(Contiguous(1, 30, (_, _) => 50), new RunWindow(3_300_000_000, 17_700_000_000), Exact, ValidityLimits.Default);
        Assert.Equal(720, total.EnergyJ!.Value, 1e-9);
        Assert.Equal(1, total.Coverage);
        Assert.True(total.Valid);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.7)]
    [InlineData(3.0)]
    public void A_run_that_starts_inside_an_averaging_window_is_deconvolved_from_it(double period)
    {
        var series = Contiguous(period, (int)(40 / period), PulseMean);
        var total = PowerIntegrator.Integrate(series, new RunWindow(10_000_000_000, 20_000_000_000), Exact, ValidityLimits.Default);
        Assert.Equal(1000, total.EnergyJ!.Value, 1e-6);
    }

    [Fact]
    public void A_window_is_the_sum_of_its_parts() =>
        Gen.Select(Gen.Double[0, 200].Array[40], Gen.Double[5, 15], Gen.Double[16, 24], Gen.Double[25, 35]).Sample((watts, a, b, c) =>
        {
            var series = Contiguous(1, 40, (from, _) => watts[(int)Math.Round(from)]);
            var energy = new CumulativeEnergy(series);
            long A = (long)(a * 1e9), B = (long)(b * 1e9), C = (long)(c * 1e9);
            return Math.Abs(energy.At(C) - energy.At(A) - (energy.At(B) - energy.At(A)) - (energy.At(C) - energy.At(B))) < 1e-9;
        });

    [Fact]
    public void A_window_beyond_the_trace_has_no_energy_and_says_by_how_much()
    {
        var total = PowerIntegrator.Integrate(Contiguous(1, 10, (_, _) => 50), new RunWindow(5_000_000_000, 12_000_000_000), Exact, ValidityLimits.Default);
        Assert.Null(total.EnergyJ);
        Assert.False(total.Valid);
        Assert.Contains(total.Findings, f => f.Rule == "beyond-trace" && f.Detail.Contains("2 s", StringComparison.Ordinal));
    }

    [Fact]
    public void A_gap_lowers_coverage_and_invalidates_and_is_bridged()
    {
        var full = Contiguous(1, 40, (_, _) => 50);
        var keep = Enumerable.Range(0, 40).Where(k => k is < 15 or >= 20).ToArray();
        var series = PowerSeries.Create([.. keep.Select(k => full.EndNs[k])], [.. keep.Select(k => full.Watts[k])], [], 1, 1);
        var total = PowerIntegrator.Integrate(series, new RunWindow(5_000_000_000, 35_000_000_000), Exact, ValidityLimits.Default);
        Assert.Equal(1500, total.EnergyJ!.Value, 1e-6);
        Assert.Equal(1 - 6.0 / 30, total.Coverage, 1e-9);
        Assert.Equal(6, total.LongestGapS, 1e-9);
        Assert.False(total.Valid);
    }

    [Fact]
    public void Without_a_known_accuracy_no_interval_is_stated()
    {
        var total = PowerIntegrator.Integrate(Contiguous(1, 30, (_, _) => 50), new RunWindow(3_000_000_000, 17_000_000_000), null, ValidityLimits.Default);
        Assert.NotNull(total.EnergyJ);
        Assert.Null(total.UncertaintyJ);
        Assert.Contains(total.Findings, f => f.Rule == "accuracy-unknown");
    }

    [Fact]
    public void Gain_and_offset_limits_become_standard_uncertainties_of_a_rectangle()
    {
        var accuracy = new AccuracyLimit { ReadingPercent = 1, Absolute = 0.5 };
        var total = PowerIntegrator.Integrate(Contiguous(1, 30, (_, _) => 100), new RunWindow(5_000_000_000, 15_000_000_000), accuracy, ValidityLimits.Default);
        Assert.Equal(10 / Math.Sqrt(3), total.Budget.Components.Single(c => c.Source == "gain").StandardJ, 1e-9);
        Assert.Equal(5 / Math.Sqrt(3), total.Budget.Components.Single(c => c.Source == "offset").StandardJ, 1e-9);
        Assert.Equal(2 * total.Budget.StandardJ, total.UncertaintyJ!.Value, 1e-12);
    }

    [Fact]
    public void An_unknown_clock_offset_costs_the_power_step_for_a_quick_meter()
    {
        var series = Contiguous(0.01, 4000, PulseMean);
        var window = new RunWindow(10_000_000_000, 20_000_000_000, CommonUncertaintyNs: 100_000_000);
        var edges = PowerIntegrator.Integrate(series, window, Exact, ValidityLimits.Default).Budget.Components.Single(c => c.Source == "edges");
        Assert.Equal(40 * 0.1, edges.StandardJ, 0.1);
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.05)]
    public void A_meter_polled_faster_than_it_updates_is_read_at_its_own_beat(double poll)
    {
        // Updates every second at x.37; each shows the mean of the second before.
        var read = new List<long>();
        var watts = new List<double>();
        for (var t = 0.0; t < 40; t += poll)
        {
            var update = Math.Floor(t - 0.37) + 0.37;
            read.Add((long)(t * 1e9));
            watts.Add(PulseMean(update - 1, update));
        }

        var series = UpdateSeries.FromReadings(read.ToArray(), watts.ToArray(), [], new MeterResponse(1, 1, 0), poll, 0, 0);
        Assert.InRange(series.Count, 39, 42);
        var total = PowerIntegrator.Integrate(series, new RunWindow(10_000_000_000, 20_000_000_000), Exact, ValidityLimits.Default);
        Assert.InRange(total.EnergyJ!.Value, 1000 - Math.Max(2, total.UncertaintyJ!.Value), 1000 + Math.Max(2, total.UncertaintyJ!.Value));
        Assert.True(total.UncertaintyJ < 40 * poll * 2 + 1, $"{total.UncertaintyJ} J");
    }
}
