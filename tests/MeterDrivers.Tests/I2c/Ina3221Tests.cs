using MeterLab.Measurement;
using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Tests.Polling;

namespace MeterLab.MeterDrivers.Tests.I2c;

public sealed class Ina3221Tests
{
    private const string Uri = "i2c://1/0x40?model=ina3221&shunt=100mohm&average=256&conversion-time=2116us";

    private readonly Bench _bench = new();
    private readonly FakeChip _chip = new();

    public Ina3221Tests()
    {
        _bench.WithChip(0x40, _chip);
        _chip.Set(0xFE, 0x5449);
        _chip.Set(0xFF, 0x3220);
        _chip.Set(0x0F, 1);
        Reset();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Three_channels_and_their_sum()
    {
        // 40 uV and 8 mV a step, in bits 15 to 3.
        Convert(1, 250, 1500);
        Convert(2, -500, 625);
        Convert(3, 1000, 412);
        await using var meter = await _bench.OpenAsync(Uri);
        var readings = await meter.ReadAsync(Token);
        Assert.Equal(0.1, Value("ch1", Quantity.Current), 1e-12);
        Assert.Equal(12, Value("ch1", Quantity.Voltage), 1e-12);
        Assert.Equal(1.2, Value("ch1", Quantity.ActivePower), 1e-12);
        Assert.Equal(-0.02, Value("ch2", Quantity.ShuntVoltage), 1e-12);
        Assert.Equal(-0.2 * 5, Value("ch2", Quantity.ActivePower), 1e-12);
        Assert.Equal(0.4 * 3.296, Value("ch3", Quantity.ActivePower), 1e-12);
        Assert.Equal(1.2 - 1 + 0.4 * 3.296, Value("total", Quantity.ActivePower), 1e-12);

        double Value(string channel, Quantity quantity) => readings.Single(r => r.Channel == channel && r.Quantity == quantity).Value!.Value;
    }

    [Fact]
    public async Task A_recording_holds_what_a_reading_shows_and_each_channel_its_own_shunt()
    {
        Convert(1, -4000, 1500);
        Convert(3, 500, 3000);
        await using var meter = await _bench.OpenAsync(Uri + "&channels=1,3&shunt-3=10mohm");
        Assert.Equal(["ch1", "ch3", "total"], meter.Traces.Select(trace => trace.Channel.Channel));
        var sink = new CollectingSink(3);
        await meter.AcquireAsync(new AcquisitionRequest([0, 1, 2], TimeSpan.FromMilliseconds(1)), sink, sink.Enough);
        double[] watts = [.. sink.Samples.Select(s => meter.Traces[s.Trace].Scale.ToValue(s.Sample.Code))];
        Assert.Equal(-1.6 * 12, watts[0], 1e-9);
        Assert.Equal(2.0 * 24, watts[1], 1e-9);
        Assert.Equal(-1.6 * 12 + 2.0 * 24, watts[2], 1e-9);
        // Channels 1 and 3 on, 256 averages, 2.116 ms, continuously.
        Assert.Equal(1 << 14 | 1 << 12 | 5 << 9 | 5 << 6 | 5 << 3 | 7, _chip.Get(0x00));
    }

    [Fact]
    public async Task Negative_full_scale_is_an_overflow_of_its_channel_and_of_the_total()
    {
        Convert(1, 100, 1500);
        Convert(2, -4096, 1500);
        await using var meter = await _bench.OpenAsync(Uri + "&channels=1,2");
        var readings = await meter.ReadAsync(Token);
        Assert.Equal(
            [("ch1", SampleFlags.None), ("ch2", SampleFlags.Overflow), ("total", SampleFlags.Overflow)],
            readings.Where(r => r.Quantity == Quantity.ActivePower).Select(r => (r.Channel, r.Flags)));
    }

    [Fact]
    public async Task An_average_is_a_running_filter_and_a_single_conversion_is_a_window_in_its_slot()
    {
        await using (var filtered = await _bench.OpenAsync(Uri))
        {
            var response = filtered.Traces[0].Response;
            Assert.Equal(ResponseShape.FirstOrder, response.Shape);
            // 3 channels x 2 x 2.116 ms; a time constant of about 256 of them.
            Assert.Equal(3 * 2 * 2.116e-3 * 255.5, response.AveragingSeconds, 1e-3);
            Assert.Equal(3 * 2 * 2.116e-3 * 256, response.UpdatePeriodSeconds, 1e-9);
        }

        await using var single = await _bench.OpenAsync("i2c://1/0x40?model=ina3221&shunt=100mohm&average=1&conversion-time=8244us");
        const double Slot = 2 * 8.244e-3;
        Assert.Equal([2 * Slot, Slot, 0], single.Traces.Take(3).Select(trace => Math.Round(trace.Response.DelaySeconds, 9)));
        Assert.All(single.Traces.Take(3), trace => Assert.Equal(Slot, trace.Response.AveragingSeconds, 1e-9));
        Assert.Equal(3 * Slot, single.Traces[3].Response.AveragingSeconds, 1e-9);
    }

    [Theory]
    [InlineData("")]
    [InlineData("&average=1&conversion-time=1100us")]
    public async Task A_lost_supply_is_noticed_repaired_and_flagged(string options)
    {
        Convert(1, 100, 1500);
        await using var meter = await _bench.OpenAsync((options.Length > 0 ? "i2c://1/0x40?model=ina3221&shunt=100mohm" : Uri) + options);
        var sink = new CollectingSink(3) { Accepted = count => { if (count == 1) Reset(); } };
        await meter.AcquireAsync(new AcquisitionRequest([0], TimeSpan.FromMilliseconds(1)), sink, sink.Enough);
        Assert.True(sink.Samples[1].Sample.Flags.HasFlag(SampleFlags.Resynchronised | SampleFlags.Gap));
        Assert.Equal(1, meter.Statistics.Resynchronisations);
    }

    [Fact]
    public async Task Accuracy_is_each_channels_own_and_the_totals_is_their_sum()
    {
        await using var meter = await _bench.OpenAsync(Uri + "&shunt-2=50mohm&bus-voltage=12V&shunt-tolerance=1%");
        // 0.25 % + 0.25 % + 1 % + 16 mV / 12 V; 80 uV / 100 mohm x 12 V.
        Assert.Equal(1.5 + 100 * 0.016 / 12, meter.Traces[0].Accuracy!.ReadingPercent, 1e-9);
        Assert.Equal(9.6e-3, meter.Traces[0].Accuracy!.Absolute, 1e-12);
        Assert.Equal(2 * 9.6e-3, meter.Traces[1].Accuracy!.Absolute, 1e-12);
        Assert.Equal(4 * 9.6e-3, meter.Traces[3].Accuracy!.Absolute, 1e-12);
        Assert.Equal(meter.Traces[0].Accuracy!.ReadingPercent, meter.Traces[3].Accuracy!.ReadingPercent, 1e-9);
    }

    [Theory]
    [InlineData("channels=1,4", "some of 1,2,3")]
    [InlineData("channels=1,1", "some of 1,2,3")]
    [InlineData("channels=", "not of the form name=value")]
    [InlineData("max-current=2A", "163.8 mV on channel 1")]
    [InlineData("shunt-2=5", "no unit")]
    public async Task A_wrong_option_says_what_would_be_right(string option, string expected)
    {
        var failure = await Assert.ThrowsAsync<ConfigurationException>(() => _bench.OpenAsync(Uri + "&" + option));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_chip_is_refused()
    {
        _chip.Set(0xFF, 0x2260);
        var failure = await Assert.ThrowsAsync<MeterException>(() => _bench.OpenAsync(Uri));
        Assert.Contains("no ina3221", failure.Message, StringComparison.Ordinal);
        Assert.Empty(_chip.Writes);
    }

    private void Convert(int channel, int shunt, int bus)
    {
        _chip.Set((byte)(2 * channel - 1), shunt << 3);
        _chip.Set((byte)(2 * channel), bus << 3);
    }

    private void Reset()
    {
        _chip.Set(0x00, 0x7127);
        _chip.Set(0x0E, 0x7FFE);
    }
}
