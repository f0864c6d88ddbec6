using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Tests.Polling;

namespace MeterLab.MeterDrivers.Tests.I2c;

public sealed class Ina228Tests
{
    private const string DataSheet = "i2c://1/0x41?model=ina228&shunt=16.2mohm&max-current=10A";

    // So slow a converter that no stall of the machine lets one of its conversions go by.
    private const string Slow = "&average=64&conversion-time=4.12ms";

    private readonly Bench _bench = new();
    private readonly FakeIna228 _chip = new();

    public Ina228Tests() => _bench.Bus.Chips[0x41] = _chip.Chip;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_data_sheets_design_example_reads_as_the_data_sheet_says()
    {
        _chip.Convert(shunt: 311040, bus: 245760);
        await using var meter = await _bench.OpenAsync(DataSheet);
        _chip.Energy = 1000;
        _chip.Chip.Set(0x0A, -5, 5);

        Assert.Equal(4050, _chip.Chip.Get(0x02));
        Assert.Equal(0xF6C2, _chip.Chip.Get(0x01));
        var readings = await meter.ReadAsync(Token);
        Assert.Equal(288, Value(readings, Quantity.ActivePower), 1e-3);
        Assert.Equal(48, Value(readings, Quantity.Voltage), 9);
        Assert.Equal(6, Value(readings, Quantity.Current), 2e-5);
        Assert.Equal(0.0972, Value(readings, Quantity.ShuntVoltage), 9);
        Assert.Equal(25, Value(readings, Quantity.Temperature), 9);
        Assert.Equal(1000 * 16 * 3.2 * 10 / 524288, Value(readings, Quantity.EnergyImport), 1e-9);
        Assert.Equal(-5 * 10.0 / 524288, Value(readings, Quantity.Charge), 1e-12);
    }

    [Fact]
    public async Task A_larger_calibration_means_a_smaller_code()
    {
        _chip.Convert(100_000, 245760);
        await using (await _bench.OpenAsync("i2c://1/0x41?model=ina228&shunt=2mohm&max-current=10A"))
        {
            var fine = Current();
            await using var other = await new Bench().WithChip(0x41, _chip.Chip).OpenAsync("i2c://1/0x41?model=ina228&shunt=2mohm&max-current=20A");
            Assert.True(Current() < fine);
        }

        int Current() => _chip.Chip.Registers[0x07][0] << 12 | _chip.Chip.Registers[0x07][1] << 4 | _chip.Chip.Registers[0x07][2] >> 4;
    }

    [Theory]
    [InlineData("max-current=40A&shunt=0.5mohm", 0x10)]
    [InlineData("max-current=40A&shunt=0.5mohm&adc-range=0", 0x00)]
    [InlineData("max-current=40A&shunt=2mohm", 0x00)]
    public async Task The_fine_range_is_used_where_the_current_fits_it(string options, int configuration)
    {
        await using var meter = await _bench.OpenAsync("i2c://1/0x41?model=ina228&" + options);
        Assert.Equal(configuration, _chip.Chip.Get(0x00));
        // The same amperes read the same in both ranges.
        var shunt = options.Contains("0.5m", StringComparison.Ordinal) ? 0.0005 : 0.002;
        var step = configuration == 0x10 ? 78.125e-9 : 312.5e-9;
        _chip.Convert((int)Math.Round(10 * shunt / step), 61440);
        var readings = await meter.ReadAsync(Token);
        Assert.Equal(10, Value(readings, Quantity.Current), 1e-3);
        Assert.Equal(120, Value(readings, Quantity.ActivePower), 1e-2);
    }

    [Fact]
    public async Task Negative_full_scale_keeps_its_sign_in_every_field()
    {
        _chip.Convert(shunt: -(1 << 19) + 10_000, bus: 245760);
        _chip.Chip.Set(0x06, 0x8000);
        await using var meter = await _bench.OpenAsync("i2c://1/0x41?model=ina228&shunt=16.384mohm&max-current=10A");
        _chip.Chip.Set(0x0A, -(1L << 39), 5);
        var readings = await meter.ReadAsync(Token);
        Assert.Equal((-(1 << 19) + 10_000) * 312.5e-9, Value(readings, Quantity.ShuntVoltage), 12);
        Assert.Equal(-9.809, Value(readings, Quantity.Current), 1e-3);
        Assert.Equal(-9.809 * 48, Value(readings, Quantity.ActivePower), 0.1);
        Assert.Equal(-256, Value(readings, Quantity.Temperature), 9);
        Assert.Equal(-(double)(1L << 39) * 4097 / 13107.2e6 / 0.016384, Value(readings, Quantity.Charge), 1e-3);
    }

    [Fact]
    public async Task The_largest_energy_is_no_negative_number()
    {
        await using var meter = await _bench.OpenAsync(DataSheet + Slow);
        _chip.Energy = (1UL << 40) - 1;
        var trace = meter.Traces[1];
        Assert.Equal(Quantity.EnergyImport, trace.Quantity);
        var sink = new CollectingSink(2);
        await meter.AcquireAsync(new AcquisitionRequest([0, 1]), sink, sink.Enough);
        Assert.Equal((1L << 40) - 1, sink.Samples[1].Sample.Code);
        Assert.Equal(trace.Wrap!.Value, trace.Scale.ToValue(1L << 40), 1e-6);
    }

    [Theory]
    [InlineData(1 << 9, SampleFlags.Overflow, SampleFlags.None)]
    [InlineData(1 << 11, SampleFlags.None, SampleFlags.CounterReset)]
    public async Task Overflow_flags_mark_the_samples_they_concern(int diagnostics, SampleFlags power, SampleFlags energy)
    {
        _chip.Convert(1000, 245760);
        await using var meter = await _bench.OpenAsync(DataSheet + Slow);
        _chip.Diagnostics = diagnostics;
        var sink = new CollectingSink(2);
        await meter.AcquireAsync(new AcquisitionRequest([0, 1]), sink, sink.Enough);
        Assert.Equal([power, energy], sink.Samples.Select(s => s.Sample.Flags));
    }

    [Fact]
    public async Task Energy_counted_while_current_flows_backwards_is_marked()
    {
        _chip.Convert(-1000, 245760);
        await using var meter = await _bench.OpenAsync(DataSheet + Slow);
        var sink = new CollectingSink(2);
        await meter.AcquireAsync(new AcquisitionRequest([0, 1]), sink, sink.Enough);
        Assert.True(sink.Samples[0].Sample.Code < 0);
        Assert.Equal(SampleFlags.Implausible, sink.Samples[1].Sample.Flags);
    }

    [Fact]
    public async Task A_chip_that_lost_its_supply_is_set_again_and_its_counter_starts_anew()
    {
        _chip.Convert(1000, 245760);
        await using var meter = await _bench.OpenAsync("i2c://1/0x41?model=ina228&shunt=0.5mohm&max-current=40A" + Slow);
        var sink = new CollectingSink(6) { Accepted = count => { if (count == 2) _chip.Reset(); } };
        await meter.AcquireAsync(new AcquisitionRequest([0, 1], TimeSpan.FromMilliseconds(1)), sink, sink.Enough);
        Assert.Single(sink.Samples.Where(s => s.Trace == 0).Select(s => s.Sample.Code).Distinct());
        Assert.Equal(SampleFlags.Resynchronised | SampleFlags.Gap, sink.Samples[2].Sample.Flags);
        Assert.Equal(SampleFlags.Resynchronised | SampleFlags.Gap | SampleFlags.CounterReset, sink.Samples[3].Sample.Flags);
        Assert.Equal(0x10, _chip.Chip.Get(0x00));
    }

    [Fact]
    public async Task Another_calibration_clears_what_was_accumulated_in_other_steps()
    {
        _chip.Energy = 12345;
        await using var meter = await _bench.OpenAsync(DataSheet);
        Assert.Equal(0, Value(await meter.ReadAsync(Token), Quantity.EnergyImport));
    }

    [Fact]
    public async Task A_converter_that_stands_still_is_reported()
    {
        await using var meter = await _bench.OpenAsync(DataSheet + "&average=1&conversion-time=50us");
        _chip.Ready = false;
        var sink = new CollectingSink(1);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var running = meter.AcquireAsync(new AcquisitionRequest([0], TimeSpan.FromMilliseconds(1)), sink, stop.Token);
        while (meter.Statistics.Lost == 0)
            await Task.Delay(5, Token);
        await stop.CancelAsync();
        await running;
        Assert.Contains(sink.Events, e => e.Detail.Contains("converts nothing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task More_current_than_the_range_takes_is_refused()
    {
        var failure = await Assert.ThrowsAsync<ConfigurationException>(
            () => _bench.OpenAsync("i2c://1/0x41?model=ina228&shunt=2mohm&max-current=40A&adc-range=1"));
        Assert.Contains("40.96 mV with adc-range=1", failure.Message, StringComparison.Ordinal);
    }

    private static double Value(IReadOnlyList<MeterReading> readings, Quantity quantity) =>
        readings.Single(r => r.Quantity == quantity).Value!.Value;
}
