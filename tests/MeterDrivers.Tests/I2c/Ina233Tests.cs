using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Tests.Polling;

namespace MeterLab.MeterDrivers.Tests.I2c;

public sealed class Ina233Tests
{
    private const string Uri = "i2c://1/0x40?model=ina233&shunt=2mohm&max-current=32.768A&average=64&conversion-time=8244us";
    private const double Period = 64 * 2 * 8.244e-3;

    private readonly Bench _bench = new();
    private readonly FakeChip _chip = new() { LittleEndian = true };
    private int _samples = 5;
    private int _energy;

    public Ina233Tests()
    {
        _bench.WithChip(0x40, _chip);
        _chip.Registers[0x99] = [2, .. "TI"u8];
        _chip.Registers[0x9A] = [6, .. "INA233"u8];
        _chip.Sent = command => { if (command == 0xD6) (_samples, _energy) = (0, 0); };
        // Every look finds one more conversion.
        _chip.Reading = command => { if (command == 0x86) Block(_samples + 1); };
        Reset();
        Convert(8000, 9584);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PMBus_words_read_least_significant_byte_first()
    {
        await using var meter = await _bench.OpenAsync(Uri);
        // 1 mA a step at 2 mohm is a calibration of 2560, as in an INA226.
        Assert.Equal([0x0A, 0x00], _chip.Registers[0xD4]);
        Assert.Equal(0x4000 | 3 << 9 | 7 << 6 | 7 << 3 | 7, _chip.Get(0xD0));
        var readings = await meter.ReadAsync(Token);
        Assert.Equal(119.8, Value(readings, Quantity.ActivePower), 9);
        Assert.Equal(11.98, Value(readings, Quantity.Voltage), 9);
        Assert.Equal(10, Value(readings, Quantity.Current), 9);
        Assert.Equal(0.02, Value(readings, Quantity.ShuntVoltage), 9);
        Assert.Equal(new MeterIdentity("Texas Instruments", "ina233"), await meter.IdentifyAsync(Token));
    }

    [Fact]
    public async Task Negative_full_scale_keeps_its_sign()
    {
        Convert(-32000, 9600);
        await using var meter = await _bench.OpenAsync(Uri + "&current-step=2mA");
        Convert(-32000, 9600);
        var readings = await meter.ReadAsync(Token);
        Assert.Equal(-0.08, Value(readings, Quantity.ShuntVoltage), 9);
        Assert.Equal(-40, Value(readings, Quantity.Current), 1e-9);
        Assert.Equal(-480, Value(readings, Quantity.ActivePower), 0.05);
    }

    [Fact]
    public async Task The_energy_block_counts_power_samples_and_wraps_at_24_bits()
    {
        await using var meter = await _bench.OpenAsync(Uri);
        _energy = 0xFFFFFE;
        var trace = meter.Traces[1];
        Assert.Equal(Quantity.EnergyImport, trace.Quantity);
        var sink = new CollectingSink(2);
        await meter.AcquireAsync(new AcquisitionRequest([0, 1], TimeSpan.FromMilliseconds(1)), sink, sink.Enough);
        Assert.Equal(0xFFFFFE, sink.Samples[1].Sample.Code);
        // A count is one power code for one conversion: 25 mW for 1.055 s.
        Assert.Equal(0.025 * Period, trace.Resolution, 1e-12);
        Assert.Equal((1 << 24) * 0.025 * Period, trace.Wrap!.Value, 1e-6);
    }

    [Fact]
    public async Task A_step_of_the_sample_count_shows_what_was_missed()
    {
        await using var meter = await _bench.OpenAsync(Uri);
        var sink = new CollectingSink(3)
        {
            Accepted = count => { if (count == 1) _samples += 4; },
        };
        await meter.AcquireAsync(new AcquisitionRequest([0], TimeSpan.FromMilliseconds(1)), sink, sink.Enough);
        Assert.Equal([SampleFlags.None, SampleFlags.Gap, SampleFlags.None], sink.Samples.Select(s => s.Sample.Flags));
        Assert.Equal(4, meter.Statistics.Lost);
        Assert.Contains(sink.Events, e => e.Detail.Contains("4 conversions", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_sample_count_wraps_without_a_gap_and_a_standing_one_is_no_sample()
    {
        await using var meter = await _bench.OpenAsync(Uri);
        _samples = 0xFFFFFE;
        var looks = 0;
        _chip.Reading = command =>
        {
            // A new conversion every third look.
            if (command == 0x86)
                Block(++looks % 3 == 0 ? _samples + 1 : _samples);
        };
        await meter.ReadAsync(Token);
        var sink = new CollectingSink(4);
        await meter.AcquireAsync(new AcquisitionRequest([0], TimeSpan.FromMilliseconds(1)), sink, sink.Enough);
        Assert.Equal(0, meter.Statistics.Lost);
        Assert.InRange(looks, 10, 14);
    }

    [Fact]
    public async Task A_lost_supply_is_noticed_repaired_and_flagged()
    {
        await using var meter = await _bench.OpenAsync(Uri);
        var sink = new CollectingSink(3) { Accepted = count => { if (count == 1) Reset(); } };
        await meter.AcquireAsync(new AcquisitionRequest([0], TimeSpan.FromMilliseconds(1)), sink, sink.Enough);
        Assert.Equal(SampleFlags.Resynchronised | SampleFlags.Gap, sink.Samples[1].Sample.Flags);
        Assert.Equal(2560, _chip.Get(0xD4));
    }

    [Fact]
    public async Task Another_model_is_refused()
    {
        _chip.Registers[0x9A] = [6, .. "INA234"u8];
        var failure = await Assert.ThrowsAsync<MeterException>(() => _bench.OpenAsync(Uri));
        Assert.Equal(MeterFailure.WrongDevice, failure.Failure);
        Assert.Empty(_chip.Writes);
    }

    private void Convert(short shunt, int bus)
    {
        var current = shunt * _chip.Get(0xD4) / 2048;
        _chip.Set(0xD1, shunt);
        _chip.Set(0x88, bus);
        _chip.Set(0x89, current);
        _chip.Set(0x97, Math.Abs((long)current) * bus / 20000);
        _chip.Written = (_, _) => Convert(shunt, bus);
    }

    private void Reset()
    {
        _chip.Set(0xD0, 0x4127);
        _chip.Set(0xD4, 0);
    }

    private void Block(int samples)
    {
        _samples = samples & 0xFFFFFF;
        _chip.Registers[0x86] =
            [6, (byte)_energy, (byte)(_energy >> 8), (byte)(_energy >> 16), (byte)_samples, (byte)(_samples >> 8), (byte)(_samples >> 16)];
    }

    private static double Value(IReadOnlyList<MeterReading> readings, Quantity quantity) =>
        readings.Single(r => r.Quantity == quantity).Value!.Value;
}
