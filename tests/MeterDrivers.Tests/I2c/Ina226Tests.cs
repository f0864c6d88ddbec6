using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Tests.Polling;

namespace MeterLab.MeterDrivers.Tests.I2c;

public sealed class Ina226Tests
{
    private const string Uri = "i2c://1/0x40?model=ina226&shunt=2mohm&max-current=32.768A";

    // So slow a converter that no stall of the machine lets one of its conversions go by.
    private const string Slow = Uri + "&average=64&conversion-time=8.244ms";

    private readonly Bench _bench = new();
    private readonly FakeIna226 _chip = new();

    public Ina226Tests() => _bench.Bus.Chips[0x40] = _chip.Chip;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_data_sheets_example_reads_as_the_data_sheet_says()
    {
        _chip.Convert(shunt: 8000, bus: 9584);
        await using var meter = await _bench.OpenAsync(Uri);

        // 1 mA a step at 2 mohm is CAL 2560; 16 conversions of 332 us each, shunt and bus.
        Assert.Equal([(0x05, 2560), (0x00, 0x4497)], _chip.Chip.Writes.Select(w => ((int)w.Register, (int)w.Value)));
        var readings = await meter.ReadAsync(Token);
        Assert.Equal(119.8, Value(readings, Quantity.ActivePower), 9);
        Assert.Equal(11.98, Value(readings, Quantity.Voltage), 9);
        Assert.Equal(10, Value(readings, Quantity.Current), 9);
        Assert.Equal(0.020, Value(readings, Quantity.ShuntVoltage), 9);
        Assert.All(readings, reading => Assert.Equal("ch1", reading.Channel));
    }

    [Fact]
    public async Task Negative_full_scale_keeps_its_sign_in_every_field()
    {
        _chip.Convert(shunt: short.MinValue + 1000, bus: 9600);
        await using var meter = await _bench.OpenAsync("i2c://1/0x40?model=ina226&shunt=2mohm&max-current=40A");
        var readings = await meter.ReadAsync(Token);
        Assert.Equal(-31768 * 2.5e-6, Value(readings, Quantity.ShuntVoltage), 12);
        Assert.Equal(-31768 * 2.5e-6 / 0.002, Value(readings, Quantity.Current), 1e-2);
        Assert.Equal(-31768 * 2.5e-6 / 0.002 * 12, Value(readings, Quantity.ActivePower), 0.1);
    }

    [Fact]
    public async Task The_end_of_the_scale_is_an_overflow_and_not_a_value()
    {
        _chip.Convert(shunt: short.MinValue, bus: 9600);
        await using var meter = await _bench.OpenAsync(Uri);
        var power = Find(await meter.ReadAsync(Token), Quantity.ActivePower);
        Assert.Equal(SampleFlags.Overflow, power.Flags);
        Assert.Null(power.Value);
    }

    [Fact]
    public async Task The_chips_own_overflow_flag_marks_the_sample()
    {
        _chip.Convert(shunt: 100, bus: 9600);
        _chip.Overflow = 0x0004;
        await using var meter = await _bench.OpenAsync(Slow);
        var sink = new CollectingSink(1);
        await meter.AcquireAsync(new AcquisitionRequest([0]), sink, sink.Enough);
        Assert.Equal(SampleFlags.Overflow, sink.Samples[0].Sample.Flags);
    }

    [Theory]
    [InlineData(1000, 12_000_000)]
    [InlineData(-1000, -12_000_000)]
    public async Task A_recorded_code_carries_the_currents_sign_and_its_exact_scale(short shunt, int microwattsTimesMilliohms)
    {
        _chip.Convert(shunt, 9600);
        await using var meter = await _bench.OpenAsync(Slow);
        var trace = Assert.Single(meter.Traces);
        Assert.Equal(new ChannelId("rail", "ch1"), trace.Channel);
        var sink = new CollectingSink(1);
        await meter.AcquireAsync(new AcquisitionRequest([0]), sink, sink.Enough);
        // 1000 steps of 2.5 uV over 2 mohm are 1.25 A; at 12 V, 15 W: 600 steps of 25 mW.
        var (_, sample) = Assert.Single(sink.Samples);
        Assert.Equal(Math.Sign(microwattsTimesMilliohms) * 600, sample.Code);
        Assert.Equal(Math.Sign(microwattsTimesMilliohms) * 15.0, trace.Scale.ToValue(sample.Code), 9);
        Assert.True(sample.AfterNs >= sample.BeforeNs);
    }

    [Fact]
    public async Task A_chip_that_already_has_its_settings_is_not_written_to()
    {
        await (await _bench.OpenAsync(Uri)).DisposeAsync();
        _chip.Chip.Writes.Clear();
        await using var meter = await _bench.OpenAsync(Uri);
        Assert.Empty(_chip.Chip.Writes);
    }

    [Fact]
    public async Task A_conversion_is_taken_once()
    {
        _chip.Convert(1000, 9600);
        await using var meter = await _bench.OpenAsync("i2c://1/0x40?model=ina226&shunt=2mohm&max-current=20A&conversion-time=8.244ms&average=64");
        _chip.AlwaysReady = false;
        _chip.Ready = true;
        var looks = 0;
        var sink = new CollectingSink(2);
        var reading = _chip.Chip.Reading!;
        _chip.Chip.Reading = register =>
        {
            // The second conversion ends before the tenth look.
            if (register == 0x06 && ++looks == 10)
                _chip.Ready = true;
            reading(register);
        };
        await meter.AcquireAsync(new AcquisitionRequest([0], TimeSpan.FromMilliseconds(1)), sink, sink.Enough);
        Assert.Equal(2, sink.Samples.Count);
        Assert.Equal(10, looks);
        Assert.All(sink.Samples, s => Assert.Equal(SampleFlags.None, s.Sample.Flags));
        Assert.Equal(0, meter.Statistics.Lost);
    }

    [Fact]
    public async Task A_chip_that_lost_its_supply_is_set_again_and_the_next_sample_says_so()
    {
        _chip.Convert(1000, 9600);
        await using var meter = await _bench.OpenAsync(Slow);
        var sink = new CollectingSink(4) { Accepted = count => { if (count == 2) _chip.Reset(); } };
        await meter.AcquireAsync(new AcquisitionRequest([0], TimeSpan.FromMilliseconds(1)), sink, sink.Enough);
        Assert.All(sink.Samples, s => Assert.Equal(600, s.Sample.Code));
        Assert.Equal(SampleFlags.Resynchronised | SampleFlags.Gap, sink.Samples[2].Sample.Flags);
        Assert.Equal(SampleFlags.None, sink.Samples[3].Sample.Flags);
        Assert.Equal(AcquisitionEventKind.Resynchronised, Assert.Single(sink.Events).Kind);
        Assert.Equal(1, meter.Statistics.Resynchronisations);
    }

    [Fact]
    public async Task One_missed_acknowledge_is_retried_and_shows()
    {
        _chip.Convert(1000, 9600);
        await using var meter = await _bench.OpenAsync(Slow);
        var sink = new CollectingSink(3) { Accepted = count => { if (count == 1) _bench.Bus.Errors.Enqueue(121); } };
        await meter.AcquireAsync(new AcquisitionRequest([0], TimeSpan.FromMilliseconds(1)), sink, sink.Enough);
        Assert.Equal([SampleFlags.None, SampleFlags.Retried, SampleFlags.None], sink.Samples.Select(s => s.Sample.Flags));
        Assert.Equal(1, meter.Statistics.Retries);
        Assert.Equal(0, meter.Statistics.Lost);
    }

    [Fact]
    public async Task A_chip_that_goes_away_and_comes_back_leaves_a_gap()
    {
        _chip.Convert(1000, 9600);
        await using var meter = await _bench.OpenAsync(Slow);
        var sink = new CollectingSink(3)
        {
            Accepted = count =>
            {
                for (var i = 0; count == 1 && i < 9; i++)
                    _bench.Bus.Errors.Enqueue(6);
            },
        };
        await meter.AcquireAsync(new AcquisitionRequest([0], TimeSpan.FromMilliseconds(1)), sink, sink.Enough);
        Assert.True(sink.Samples[1].Sample.Flags.HasFlag(SampleFlags.Gap));
        Assert.Contains(sink.Events, e => e.Kind == AcquisitionEventKind.Disconnected && e.Detail.Contains("Nothing answers at 0x40", StringComparison.Ordinal));
        Assert.Contains(sink.Events, e => e.Kind == AcquisitionEventKind.Reconnected);
        Assert.True(meter.Statistics.Lost > 0);
    }

    [Fact]
    public async Task A_bus_that_went_away_is_opened_anew()
    {
        _chip.Convert(1000, 9600);
        await using var meter = await _bench.OpenAsync(Slow);
        var sink = new CollectingSink(3) { Accepted = count => { if (count == 1) _bench.Bus.Errors.Enqueue(19); } };
        await meter.AcquireAsync(new AcquisitionRequest([0], TimeSpan.FromMilliseconds(1)), sink, sink.Enough);
        Assert.Equal(2, _bench.BusesOpened);
        Assert.True(sink.Samples[1].Sample.Flags.HasFlag(SampleFlags.Gap));
        Assert.Contains(sink.Events, e => e.Kind == AcquisitionEventKind.Disconnected && e.Detail.Contains("I2C bus 1 went away", StringComparison.Ordinal));
        Assert.Equal(1, meter.Statistics.Reconnections);
    }

    [Fact]
    public async Task A_sample_allocates_nothing()
    {
        _chip.Convert(1000, 9600);
        await using var meter = await _bench.OpenAsync(Uri);
        var sink = new CollectingSink(1);
        await meter.AcquireAsync(new AcquisitionRequest([0]), sink, sink.Enough);
        // The fake's own handlers allocate: from here on the chip is plain registers, ready for ever.
        _chip.Chip.Reading = null;
        _chip.Chip.Set(0x06, 0x0008);
        Assert.Equal(0, await Allocations.OfAsync((IPolledSource)meter, Token));
    }

    [Fact]
    public async Task A_setting_that_does_not_stick_is_refused()
    {
        _chip.Chip.Written = (register, _) => { if (register == 0x05) _chip.Chip.Set(0x05, 0); };
        var failure = await Assert.ThrowsAsync<MeterException>(() => _bench.OpenAsync(Uri));
        Assert.Equal(MeterFailure.Refused, failure.Failure);
        Assert.Contains("register 0x05 reads 0x0000 after 0x0A00", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accuracy_adds_the_shunts_tolerance_and_the_offset_times_the_voltage()
    {
        _chip.Convert(1000, 9600);
        await using var meter = await _bench.OpenAsync(Uri + "&shunt-tolerance=1%&bus-voltage=12V");
        var limit = meter.Traces[0].Accuracy!;
        // 0.1 % + 0.1 % + 1 % + 7.5 mV / 12 V; 10 uV / 2 mohm x 12 V and half a step of 25 mW.
        Assert.Equal(0.1 + 0.1 + 1 + 0.0625, limit.ReadingPercent, 9);
        Assert.Equal(0.06 + 0.0125, limit.Absolute, 9);
        Assert.Equal(0.0106, meter.Facts.Response.UpdatePeriodSeconds, 1e-4);
    }

    [Theory]
    [InlineData("i2c://1/0x40?model=ina226&max-current=20A", "'shunt' is missing")]
    [InlineData("i2c://1/0x40?model=ina226&shunt=2&max-current=20A", "no unit")]
    [InlineData("i2c://1/0x40?model=ina226&shunt=2mohm&max-current=50A", "81.92 mV at most")]
    [InlineData("i2c://1/0x40?model=ina226&shunt=2mohm&max-current=20A&average=5", "1, 4, 16, 64")]
    [InlineData("i2c://1/0x40?model=ina226&shunt=2mohm&max-current=20A&conversion-time=1ms", "588us, 1100us")]
    [InlineData("i2c://1/0x40?model=ina226&shunt=2mohm&max-current=20A&averge=4", "did you mean 'average'")]
    [InlineData("i2c://1/0x40?model=ina228x&shunt=2mohm&max-current=20A", "did you mean 'ina228'")]
    [InlineData("i2c://1/0x20?model=ina226&shunt=2mohm&max-current=20A", "0x40 to 0x4f is right")]
    [InlineData("i2c://one/0x40?model=ina226&shunt=2mohm&max-current=20A", "bus number")]
    public async Task A_wrong_address_says_what_would_be_right(string uri, string expected)
    {
        var failure = await Assert.ThrowsAsync<ConfigurationException>(() => _bench.OpenAsync(uri));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, _bench.BusesOpened);
    }

    private static MeterReading Find(IReadOnlyList<MeterReading> readings, Quantity quantity) => readings.Single(r => r.Quantity == quantity);

    private static double Value(IReadOnlyList<MeterReading> readings, Quantity quantity) => Find(readings, quantity).Value!.Value;
}
