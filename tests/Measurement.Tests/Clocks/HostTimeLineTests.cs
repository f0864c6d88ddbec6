using MeterLab.Measurement.Clocks;

namespace MeterLab.Measurement.Tests.Clocks;

public class HostTimeLineTests
{
    private const long Epoch = 1_700_000_000_000_000_000;

    // Anchors every 5 s of the line; the line runs fast by so much (ppm) against the crystal, and UTC steps at 30 s.
    private static HostTimeLine Line(double slewPpm, long utcStepNs) => new(Enumerable.Range(0, 13).Select(i =>
    {
        var line = 5_000_000_000L * i;
        return new HostAnchor(line, (long)(line / (1 + slewPpm * 1e-6)), Epoch + line + (i > 6 ? utcStepNs : 0), line + 200);
    }));

    [Theory]
    [InlineData(0)]
    [InlineData(500)]
    [InlineData(-500)]
    [InlineData(80_000)]
    public void A_line_that_is_slewed_is_measured_by_the_crystal(double ppm) =>
        Assert.Equal(1 / (1 + ppm * 1e-6), Line(ppm, 0).RawRate(7_000_000_000, 52_000_000_000), 1e-9);

    [Theory]
    [InlineData(2_000_000_000)]
    [InlineData(-3_600_000_000_000)]
    public void A_step_of_UTC_is_found_and_changes_neither_the_line_nor_its_rate(long stepNs)
    {
        var line = Line(300, stepNs);
        Assert.Equal(Line(300, 0).RawRate(7_000_000_000, 52_000_000_000), line.RawRate(7_000_000_000, 52_000_000_000));
        var step = Assert.Single(line.UtcSteps());
        Assert.Equal(stepNs, step.SizeNs, 1e3);
        Assert.Equal((30_000_000_100, 35_000_000_100), (step.FromNs, step.ToNs));
        // UTC is what it was on either side of it.
        Assert.Equal(Epoch + 20_000_000_000, line.ToUtcNs(20_000_000_000), 200.0);
        Assert.Equal(Epoch + 50_000_000_000 + stepNs, line.ToUtcNs(50_000_000_000), 200.0);
    }

    [Fact]
    public void A_targets_clock_is_fitted_on_the_line_and_does_not_see_the_hosts_UTC_at_all()
    {
        var probes = Enumerable.Range(0, 60).Select(i => new SyncObservation(1_000_000_000L * i, 77 + 1_000_000_000L * i + 100_000, 1_000_000_000L * i + 200_000)).ToList();
        var map = Assert.Single(ClockFit.Fit(probes, ClockId.Target("box")).Segments);
        Assert.Equal(77, map.Map(new ClockReading(ClockId.HostMonotonic, 30_000_000_000)).Nanoseconds - 30_000_000_000, 10.0);
    }
}
