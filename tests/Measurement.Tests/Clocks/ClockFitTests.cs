using MeterLab.Measurement.Clocks;

namespace MeterLab.Measurement.Tests.Clocks;

public class ClockFitTests
{
    private static readonly ClockId Remote = ClockId.Target("node1");
    private const long Epoch = 1_700_000_000_000_000_000;

    private static long Truth(long lineNs, double offsetS, double ppm) =>
        lineNs + Epoch + (long)Math.Round(offsetS * 1e9 + ppm * 1e-6 * (lineNs - 1_000_000_000));

    private static List<SyncObservation> Probe(Random random, double offsetS, double ppm, double seconds, Func<double, double> forwardS, Func<double, double> backS)
    {
        var observations = new List<SyncObservation>();
        for (var t = 1.0; t < 1 + seconds; t += 2)
        {
            for (var i = 0; i < 8; i++)
            {
                var before = (long)((t + i * 0.01 + random.NextDouble() * 0.005) * 1e9);
                var read = before + (long)(forwardS(random.NextDouble()) * 1e9);
                var after = read + (long)(backS(random.NextDouble()) * 1e9);
                observations.Add(new SyncObservation(before, Truth(read, offsetS, ppm), after));
            }
        }

        return observations;
    }

    [Theory]
    [InlineData(-3600, -500)]
    [InlineData(-0.05, 0)]
    [InlineData(0, 500)]
    [InlineData(3.7, 500)]
    public void A_skewed_drifting_clock_is_found_within_its_stated_uncertainty(double offsetS, double ppm)
    {
        var inside = 0;
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var fit = ClockFit.Fit(Probe(random, offsetS, ppm, 30, r => 2e-4 * (1 - Math.Log(1 - 0.9 * r)), r => 2e-4 * (1 - Math.Log(1 - 0.9 * r))), Remote);
            var map = Assert.Single(fit.Segments);
            Assert.Empty(fit.Steps);
            var at = new ClockReading(ClockId.HostMonotonic, 16_000_000_000);
            var error = map.Map(at).Nanoseconds - Truth(at.Nanoseconds, offsetS, ppm);
            Assert.True(map.UncertaintyNsAt(at) < 500_000);
            Assert.Equal(ppm, map.Rate * 1e6, 20.0);
            inside += Math.Abs(error) <= 2 * map.UncertaintyNsAt(at) ? 1 : 0;
        }

        Assert.True(inside >= 38, $"{inside} of 40 within the stated uncertainty");
    }

    [Fact]
    public void A_link_that_delays_one_direction_makes_the_uncertainty_grow_and_it_still_holds()
    {
        double Width(double delayS, out int inside)
        {
            inside = 0;
            double width = 0;
            for (var seed = 0; seed < 40; seed++)
            {
                var random = new Random(seed);
                var fit = ClockFit.Fit(Probe(random, 1.5, 20, 20, r => 2e-4 + delayS * (0.1 + r), r => 2e-4 + 5e-5 * r), Remote);
                var at = new ClockReading(ClockId.HostMonotonic, 11_000_000_000);
                var map = fit.SegmentAt(at.Nanoseconds)!;
                var u = map.UncertaintyNsAt(at);
                width += u / 40;
                inside += Math.Abs(map.Map(at).Nanoseconds - Truth(at.Nanoseconds, 1.5, 20)) <= 2 * u ? 1 : 0;
            }

            return width;
        }

        var quiet = Width(0, out var insideQuiet);
        var congested = Width(0.02, out var insideCongested);
        Assert.True(insideQuiet >= 38 && insideCongested >= 38, $"{insideQuiet} and {insideCongested} of 40");
        Assert.True(congested > 3 * quiet, $"{congested} ns against {quiet} ns");
    }

    [Fact]
    public void A_step_is_placed_between_the_two_probes_around_it_with_its_size()
    {
        var random = new Random(3);
        var before = Probe(random, 0, 100, 10, r => 2e-4 + 1e-4 * r, r => 2e-4 + 1e-4 * r);
        var after = Probe(random, 6, 100, 22, r => 2e-4 + 1e-4 * r, r => 2e-4 + 1e-4 * r).Where(o => o.BeforeNs > 11_500_000_000);
        var fit = ClockFit.Fit([.. before, .. after], Remote);
        var step = Assert.Single(fit.Steps);
        Assert.Equal(6e9, step.SizeNs, 2e6);
        Assert.InRange(step.FromNs, 9_000_000_000, 9_200_000_000);
        Assert.InRange(step.ToNs, 13_000_000_000, 13_200_000_000);
        Assert.True(fit.SteppedBetween(5_000_000_000, 15_000_000_000));
        Assert.False(fit.SteppedBetween(1_000_000_000, 5_000_000_000));
        Assert.Null(fit.SegmentAt(11_000_000_000));
    }

    [Fact]
    public void A_map_read_backwards_leads_home_and_refuses_to_extrapolate()
    {
        var fit = ClockFit.Fit(Probe(new Random(5), 3.7, 500, 20, r => 2e-4, r => 2e-4), Remote);
        var map = fit.Segments[0];
        var inverse = map.Inverse();
        for (var ns = 2_000_000_000L; ns < 18_000_000_000; ns += 777_777_777)
        {
            var there = map.Map(new ClockReading(ClockId.HostMonotonic, ns));
            Assert.InRange(inverse.Map(there).Nanoseconds, ns - 2, ns + 2);
        }

        Assert.Throws<InvalidOperationException>(() => map.Map(new ClockReading(ClockId.HostMonotonic, 60_000_000_000)));
        Assert.Throws<InvalidOperationException>(() => map.Map(new ClockReading(ClockId.HostUtc, 5_000_000_000)));
    }

    [Fact]
    public void Readings_of_different_clocks_have_no_difference() =>
        Assert.Throws<InvalidOperationException>(() => new ClockReading(ClockId.HostUtc, 1) - new ClockReading(ClockId.HostRaw, 1));

    [Fact]
    public void A_wall_clock_step_on_the_host_is_reported_and_moves_nothing_on_the_line()
    {
        var line = new HostTimeLine([new HostAnchor(0, 0, Epoch, 10), new HostAnchor(10_000_000_000, 10_000_000_000, Epoch + 12_000_000_000, 10_000_000_010)]);
        var step = Assert.Single(line.UtcSteps());
        Assert.Equal(2e9, step.SizeNs, 1e3);
        Assert.Empty(new HostTimeLine([new HostAnchor(0, 0, Epoch, 10), new HostAnchor(10_000_000_000, 10_000_500_000, Epoch + 10_000_000_000, 10_000_000_010)]).UtcSteps());
    }
}
