using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Samples;

namespace MeterLab.Measurement.Tests.Clocks;

public class DeviceClockTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(80)]
    [InlineData(-300)]
    public void A_stream_that_arrives_in_batches_is_laid_on_the_line_by_its_own_stamps(double ppm)
    {
        var random = new Random(4);
        var samples = new List<RawSample>();
        const double Offset = 5_000_000_000;
        // 2 kHz for 20 s, read in batches of 16 that come 0.2 ms or more after their last sample was stamped.
        for (var batch = 0; batch < 2500; batch++)
        {
            var last = (batch * 16 + 15) * 500_000.0;
            var arrival = (long)(Offset + last + 200_000 - 300_000 * Math.Log(1 - random.NextDouble()));
            for (var i = 0; i < 16; i++)
            {
                var device = (long)((batch * 16 + i) * 500_000.0 * (1 - ppm * 1e-6));
                samples.Add(new RawSample(arrival - 1000, arrival, device, 0, SampleFlags.None));
            }
        }

        var line = DeviceClock.ToLine(samples.ToArray());
        for (var i = 0; i < samples.Count; i++)
        {
            // The shortest transit stays in: it belongs to the meter's lag.
            var truth = Offset + i * 500_000.0 + 200_000;
            Assert.InRange(line[i], truth - 20_000, truth + 20_000);
        }

        Assert.True(Enumerable.Range(1, samples.Count - 1).All(i => line[i] > line[i - 1]));
    }

    [Fact]
    public void After_a_resynchronisation_a_new_fit_begins()
    {
        RawSample[] samples =
        [
            .. Enumerable.Range(0, 100).Select(i => new RawSample(0, 1_000_000L * i + 700, 1_000_000L * i, 0, SampleFlags.None)),
            .. Enumerable.Range(0, 100).Select(i => new RawSample(0, 500_000_000L + 1_000_000L * i + 700, 1_000_000L * i, 0, i == 0 ? SampleFlags.Resynchronised : SampleFlags.None)),
        ];
        var line = DeviceClock.ToLine(samples);
        Assert.Equal(700, line[0]);
        Assert.Equal(500_000_700, line[100]);
    }
}
