using MeterLab.Coverage.Clocks;
using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Samples;

namespace MeterLab.Measurement.Tests.Clocks;

public class DeviceClockCoverageTests
{
    public static TheoryData<string, double, bool> Cells { get; } =
        new(DeviceClockCase.Transports.SelectMany(t => ((double, bool)[])[(1, false), (5, false), (30, true)], (t, c) => (t, c.Item1, c.Item2)));

    [Theory]
    [MemberData(nameof(Cells))]
    public void Instants_lie_within_what_is_stated_at_rates_up_to_100_ppm(string transport, double seconds, bool reset)
    {
        var random = new Random(11);
        var rows = Enumerable.Range(0, 40).Select(_ => DeviceClockCase.Draw(random, transport, seconds, reset)).ToList();
        Assert.True(rows.Average(row => row.Inside) >= 0.93, $"{rows.Average(row => row.Inside)}");
        // A fit of 30 s is far better than one arrival by itself, which is late by up to a millisecond.
        Assert.True(seconds < 30 || rows.Select(row => row.StatedNs).Order().ElementAt(20) < 150_000);
    }

    [Fact]
    public void What_the_clock_leaves_unknown_is_carried_into_the_series()
    {
        var samples = Enumerable.Range(0, 2000).Select(i => new RawSample(0, 1_000_000L * i + (i % 7) * 100_000, 1_000_000L * i, 0, SampleFlags.None)).ToArray();
        var fit = DeviceClock.Fit(samples);
        Assert.True(fit.UncertaintyNs > 0);
        Assert.Equal(samples.Length, fit.Pieces.Sum(piece => piece.Count));
    }
}
