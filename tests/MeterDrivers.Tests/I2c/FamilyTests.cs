using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;

namespace MeterLab.MeterDrivers.Tests.I2c;

/// <summary>Every single-channel chip with big-endian registers, by one set of rules.</summary>
public sealed class FamilyTests
{
    private const string SlowPowersOfTwo = "&average=128";
    private const string SlowPowersOfFour = "&average=256&conversion-time=4156us";
    private const string SlowDividing = "&average=512&conversion-time=4120us";

    private readonly Bench _bench = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Models => [.. ModelChip.Models];

    // Model, shunt, options; converter's shunt and bus codes; V, A, W that the data sheet makes of them.
    [Theory]
    [InlineData("ina219", "shunt=100mohm&max-current=3.2A&current-step=100uA", 1000, 3000, 12, 0.1, 1.2)]
    [InlineData("ina220", "shunt=100mohm&max-current=3.2A&current-step=100uA", -1000, 3000, 12, -0.1, -1.2)]
    [InlineData("ina209", "shunt=100mohm&max-current=3.2A&current-step=100uA", 1000, 3000, 12, 0.1, 1.2)]
    [InlineData("ina226", "shunt=2mohm&max-current=32.768A", 8000, 9584, 11.98, 10, 119.8)]
    [InlineData("ina230", "shunt=2mohm&max-current=32.768A", -8000, 9584, 11.98, -10, -119.8)]
    [InlineData("ina231", "shunt=2mohm&max-current=32.768A", 8000, 9584, 11.98, 10, 119.8)]
    [InlineData("ina232", "shunt=8mohm&max-current=10A&current-step=500uA", 19200, 7500, 12, 6, 72)]
    [InlineData("ina234", "shunt=8mohm&max-current=10A&current-step=500uA", -19200, 7504, 12.0064, -6, -72.032)]
    [InlineData("ina236", "shunt=8mohm&max-current=10A&current-step=500uA", 19200, 7500, 12, 6, 72)]
    [InlineData("ina260", "", 4800, 9600, 12, 6, 72)]
    [InlineData("ina228", "shunt=16.2mohm&max-current=10A", 311040, 245760, 48, 6, 288)]
    [InlineData("ina238", "shunt=16.2mohm&max-current=10A", 19440, 15360, 48, 6, 288)]
    [InlineData("ina237", "shunt=16.2mohm&max-current=10A", -19440, 15360, 48, -6, -288)]
    [InlineData("ina700", "", 12500, 3840, 12, 6, 72)]
    [InlineData("ina701", "", -10000, 3840, 12, -1.9, -22.8)]
    [InlineData("ina780", "", 2500, 3840, 12, 6, 72)]
    public async Task The_data_sheets_arithmetic_reads_as_the_data_sheet_says(
        string model, string options, int shunt, int bus, double volts, double amperes, double watts)
    {
        var chip = Attach(model);
        chip.Convert(shunt, bus);
        await using var meter = await _bench.OpenAsync($"i2c://1/0x40?model={model}&{options}".TrimEnd('&'));
        var readings = await meter.ReadAsync(Token);
        var steps = meter.Facts.Resolution;
        Assert.Equal(volts, Value(readings, Quantity.Voltage), 1e-9);
        Assert.Equal(amperes, Value(readings, Quantity.Current), steps[Quantity.Current]);
        Assert.Equal(watts, Value(readings, Quantity.ActivePower), 2 * steps[Quantity.ActivePower] + volts * steps[Quantity.Current]);
    }

    [Theory]
    [InlineData("ina219", -32000 + 10)]
    [InlineData("ina220", -32000 + 10)]
    [InlineData("ina209", -32000 + 10)]
    [InlineData("ina226", short.MinValue + 10)]
    [InlineData("ina230", short.MinValue + 10)]
    [InlineData("ina231", short.MinValue + 10)]
    [InlineData("ina232", short.MinValue + 10)]
    [InlineData("ina234", short.MinValue + 32)]
    [InlineData("ina236", short.MinValue + 10)]
    [InlineData("ina260", short.MinValue + 10)]
    [InlineData("ina228", -(1 << 19) + 10)]
    [InlineData("ina237", short.MinValue + 10)]
    [InlineData("ina238", short.MinValue + 10)]
    [InlineData("ina700", short.MinValue + 10)]
    [InlineData("ina701", short.MinValue + 10)]
    [InlineData("ina780", short.MinValue + 10)]
    public async Task Just_above_negative_full_scale_every_field_keeps_its_sign(string model, int shunt)
    {
        var chip = Attach(model);
        var bus = model is "ina219" or "ina220" or "ina209" ? 3000 : model == "ina228" ? 61440 : 3840;
        chip.Convert(shunt, bus);
        // So large a current step that the end of the converter's scale is far from the end of CURRENT.
        await using var meter = await _bench.OpenAsync(Uri(model, coarse: true));
        var readings = await meter.ReadAsync(Token);
        Assert.True(Value(readings, Quantity.Current) < 0);
        Assert.True(Value(readings, Quantity.ActivePower) < 0);
        Assert.Equal(Value(readings, Quantity.Current) * Value(readings, Quantity.Voltage), Value(readings, Quantity.ActivePower), 2 * meter.Facts.Resolution[Quantity.ActivePower] + 0.01);
        if (readings.FirstOrDefault(r => r.Quantity == Quantity.ShuntVoltage) is { Value: { } volts })
            Assert.Equal(Value(readings, Quantity.Current) * Ohms(model), volts, 1e-3 * Math.Abs(volts));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task The_end_of_the_converters_scale_is_no_value(string model)
    {
        var chip = Attach(model);
        chip.Convert(model is "ina219" or "ina220" or "ina209" ? -32000 : model == "ina228" ? -(1 << 19) : short.MinValue, 3000);
        await using var meter = await _bench.OpenAsync(Uri(model));
        var power = (await meter.ReadAsync(Token)).Single(r => r.Quantity == Quantity.ActivePower);
        Assert.Equal(SampleFlags.Overflow, power.Flags);
        Assert.Null(power.Value);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task A_lost_supply_is_noticed_repaired_and_flagged(string model)
    {
        var chip = Attach(model);
        chip.Convert(1600, 3000);
        await using var meter = await _bench.OpenAsync(Uri(model));
        var sink = new CollectingSink(4) { Accepted = count => { if (count == 2) chip.Reset(); } };
        await meter.AcquireAsync(new AcquisitionRequest([0], TimeSpan.FromMilliseconds(1)), sink, sink.Enough);
        Assert.Single(sink.Samples.Select(s => s.Sample.Code).Distinct());
        Assert.Equal(
            [SampleFlags.None, SampleFlags.None, SampleFlags.Resynchronised | SampleFlags.Gap, SampleFlags.None], sink.Samples.Select(s => s.Sample.Flags));
        Assert.Equal(AcquisitionEventKind.Resynchronised, Assert.Single(sink.Events).Kind);
        Assert.False(chip.IsReset);
    }

    [Theory]
    [InlineData("ina260", "average=1&conversion-time=1100us")]
    [InlineData("ina780", "average=1&conversion-time=1052us&temperature-conversion-time=1052us")]
    public async Task A_chip_set_as_after_a_reset_carries_a_mark_that_a_lost_supply_wipes_out(string model, string options)
    {
        var chip = Attach(model);
        chip.Convert(1600, 3000);
        await using var meter = await _bench.OpenAsync($"i2c://1/0x40?model={model}&{options}");
        var sink = new CollectingSink(60) { Accepted = count => { if (count == 2) chip.Reset(); } };
        await meter.AcquireAsync(new AcquisitionRequest([0], TimeSpan.FromMilliseconds(1)), sink, sink.Enough);
        Assert.Contains(sink.Events, e => e.Kind == AcquisitionEventKind.Resynchronised);
        Assert.True(sink.Samples[2].Sample.Flags.HasFlag(SampleFlags.Resynchronised));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Opening_twice_writes_once(string model)
    {
        var chip = Attach(model);
        chip.Convert(1600, 3000);
        await (await _bench.OpenAsync(Uri(model))).DisposeAsync();
        Assert.NotEmpty(chip.Chip.Writes);
        chip.Chip.Writes.Clear();
        await using var meter = await _bench.OpenAsync(Uri(model));
        await meter.IdentifyAsync(Token);
        await meter.ReadAsync(Token);
        Assert.Empty(chip.Chip.Writes);
    }

    [Theory]
    [InlineData("ina219", "ina226", "has a manufacturer's register at 0xfe")]
    [InlineData("ina219", "ina3221", "has a manufacturer's register at 0xfe")]
    [InlineData("ina219", "ina228", "has a manufacturer's register at 0x3e")]
    [InlineData("ina209", "ina236", "has a manufacturer's register at 0x3e")]
    [InlineData("ina230", "ina260", "has a manufacturer's register at 0xfe")]
    [InlineData("ina226", "ina219", "manufacturer 0xFFFF")]
    [InlineData("ina226", "ina260", "die 0x2270")]
    [InlineData("ina260", "ina226", "die 0x2260")]
    [InlineData("ina238", "ina228", "die 0x2281")]
    [InlineData("ina237", "ina238", "die 0x2381")]
    [InlineData("ina236", "ina228", "die 0x2281")]
    [InlineData("ina232", "ina236", "die 0xA080")]
    [InlineData("ina780", "ina228", "die 0x2281")]
    public async Task Another_chip_is_refused_and_nothing_is_written_to_it(string model, string present, string found)
    {
        FakeChip chip;
        if (present == "ina3221")
        {
            chip = new FakeChip();
            chip.Set(0xFE, 0x5449);
            chip.Set(0xFF, 0x3220);
            _bench.WithChip(0x40, chip);
        }
        else
        {
            chip = Attach(present).Chip;
        }

        var failure = await Assert.ThrowsAsync<MeterException>(() => _bench.OpenAsync(Uri(model)));
        Assert.Equal(MeterFailure.WrongDevice, failure.Failure);
        Assert.Contains(found, failure.Message, StringComparison.Ordinal);
        Assert.Empty(chip.Writes);
    }

    [Theory]
    [InlineData("ina230", "ina226")]
    [InlineData("ina231", "ina226")]
    public async Task A_chip_with_the_same_registers_is_taken(string model, string present)
    {
        Attach(present);
        await using var meter = await _bench.OpenAsync(Uri(model));
        Assert.Null((await meter.IdentifyAsync(Token)).Model);
    }

    [Fact]
    public async Task An_INA219_is_reset_only_where_the_address_asks_for_it()
    {
        var chip = Attach("ina219");
        await (await _bench.OpenAsync(Uri("ina219"))).DisposeAsync();
        Assert.DoesNotContain(chip.Chip.Writes, write => write is { Register: 0, Value: 0x8000 });
        await (await _bench.OpenAsync(Uri("ina219") + "&probe=reset")).DisposeAsync();
        Assert.Single(chip.Chip.Writes, write => write is { Register: 0, Value: 0x8000 });
        Attach("ina226", 0x41);
        _bench.Bus.Chips[0x41].Registers.Remove(0xFE);
        var failure = await Assert.ThrowsAsync<MeterException>(() => _bench.OpenAsync(Uri("ina219").Replace("0x40", "0x41", StringComparison.Ordinal) + "&probe=reset"));
        Assert.Contains("0x4127 after a reset, where 0x399F", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ina219", true, true)]
    [InlineData("ina226", true, true)]
    [InlineData("ina228", true, true)]
    [InlineData("ina238", true, true)]
    [InlineData("ina260", true, true)]
    [InlineData("ina236", true, false)]
    [InlineData("ina230", false, false)]
    [InlineData("ina237", false, false)]
    [InlineData("ina234", false, false)]
    [InlineData("ina209", false, false)]
    [InlineData("ina780", false, false)]
    public async Task What_no_source_says_is_unknown_and_not_zero(string model, bool current, bool power)
    {
        Attach(model).Convert(1600, 3000);
        await using var meter = await _bench.OpenAsync(Uri(model));
        var readings = await meter.ReadAsync(Token);
        Assert.Equal(current, readings.Single(r => r.Quantity == Quantity.Current).StandardUncertainty is not null);
        Assert.Equal(power, readings.Single(r => r.Quantity == Quantity.ActivePower).StandardUncertainty is not null);
        Assert.Equal(power, meter.Traces[0].Accuracy is not null);
    }

    [Theory]
    [InlineData("ina219", "shunt=100mohm&max-current=3.2A", 0x05, 4194 & ~1, 0x00, 0x3DDF)]
    [InlineData("ina219", "shunt=100mohm&max-current=0.4A&bus-range=16V&average=1&conversion-time=84us", 0x05, 33554 & ~1, 0x00, 0x0007)]
    [InlineData("ina219", "shunt=100mohm&max-current=1A&pga=4&average=128", 0x05, 13421 & ~1, 0x00, 0x37FF)]
    [InlineData("ina226", "shunt=2mohm&max-current=20A&average=1&bus-conversion-time=140us&shunt-conversion-time=8.244ms", 0x05, 4194, 0x00, 0x403F)]
    [InlineData("ina236", "shunt=1mohm&max-current=20A", 0x05, 2097, 0x00, 0x5497)]
    [InlineData("ina236", "shunt=1mohm&max-current=20A&adc-range=0", 0x05, 8388, 0x00, 0x4497)]
    [InlineData("ina228", "shunt=2mohm&max-current=10A&shunt-tempco=50ppm", 0x03, 50, 0x00, 0x0030)]
    [InlineData("ina238", "shunt=2mohm&max-current=10A", 0x02, 2000, 0x00, 0x0010)]
    [InlineData("ina238", "shunt=2mohm&max-current=10A&adc-range=0", 0x02, 500, 0x01, 0xF6C2)]
    [InlineData("ina238", "shunt=16.384mohm&max-current=10A", 0x02, 4097, 0x00, 0x0000)]
    [InlineData("ina780", "average=1024&temperature-conversion-time=4120us", 0x01, 0xF6FF, 0x02, 0x1000)]
    public async Task Settings_become_the_data_sheets_integers(string model, string options, byte first, int firstValue, byte second, int secondValue)
    {
        var chip = Attach(model);
        await using var meter = await _bench.OpenAsync($"i2c://1/0x40?model={model}&{options}");
        Assert.Equal(firstValue, chip.Chip.Get(first));
        Assert.Equal(secondValue, chip.Chip.Get(second));
    }

    [Theory]
    [InlineData("ina219", "shunt=100mohm&max-current=4A", "320 mV with pga=8")]
    [InlineData("ina219", "shunt=100mohm&max-current=1A&pga=2", "80 mV with pga=2")]
    [InlineData("ina219", "shunt=100mohm&max-current=1A&pga=3", "1, 2, 4, 8 is right")]
    [InlineData("ina219", "shunt=100mohm&max-current=1A&conversion-time=84us", "averages at 532us only")]
    [InlineData("ina219", "shunt=100mohm&max-current=1A&bus-range=24V", "16V or 32V")]
    [InlineData("ina219", "shunt=100mohm&max-current=1A&grade=c", "a (INA219A) or b (INA219B)")]
    [InlineData("ina219", "shunt=100mohm&max-current=1A&probe=yes", "reset resets the chip")]
    [InlineData("ina226", "shunt=2mohm&max-current=20A&adc-range=1", "unknown option 'adc-range'")]
    [InlineData("ina226", "shunt=2mohm&max-current=20A&current-step=1uA", "610.352uA or more")]
    [InlineData("ina236", "shunt=2mohm&max-current=20A&adc-range=1", "20.48 mV with adc-range=1")]
    [InlineData("ina260", "shunt=2mohm", "unknown option 'shunt'")]
    [InlineData("ina780", "max-current=20A", "unknown option 'max-current'")]
    [InlineData("ina228", "shunt=2mohm&max-current=20A&shunt-tempco=5%", "0ppm to 16383ppm")]
    [InlineData("ina226", "shunt=2mohm&max-current=20A&temperature-span=20", "no unit")]
    public async Task A_setting_that_a_chip_cannot_take_is_refused_before_the_bus_is_touched(string model, string options, string expected)
    {
        var failure = await Assert.ThrowsAsync<ConfigurationException>(() => _bench.OpenAsync($"i2c://1/0x40?model={model}&{options}"));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, _bench.BusesOpened);
    }

    [Fact]
    public async Task Temperature_widens_the_limits_by_every_drift_and_the_chips_own_compensation_takes_the_shunts_off()
    {
        Attach("ina226");
        Attach("ina228", 0x41);
        const string Options = "shunt=2mohm&max-current=20A&bus-voltage=12V&shunt-tempco=50ppm&temperature-span=20degC";
        await using var plain = await _bench.OpenAsync("i2c://1/0x40?model=ina226&" + Options);
        await using var compensated = await _bench.OpenAsync("i2c://1/0x41?model=ina228&" + Options);
        // 0.1 % + 20 K x 50 ppm of the chip + 20 K x 50 ppm of the shunt; 10 uV + 20 K x 0.1 uV.
        Assert.Equal(0.1 + 0.1 + 0.1, plain.Facts.Accuracy[Quantity.Current].ReadingPercent, 1e-9);
        Assert.Equal(12e-6 / 2e-3, plain.Facts.Accuracy[Quantity.Current].Absolute, 1e-9);
        // 0.05 % + 20 K x 20 ppm, and nothing for the shunt.
        Assert.Equal(0.05 + 0.04, compensated.Facts.Accuracy[Quantity.Current].ReadingPercent, 1e-9);
    }

    [Fact]
    public async Task The_grade_of_an_INA219_is_in_its_limits()
    {
        Attach("ina219").Convert(1000, 3000);
        const string Options = "i2c://1/0x40?model=ina219&shunt=100mohm&max-current=3.2A";
        await using (var a = await _bench.OpenAsync(Options))
            Assert.Equal(200e-6 / 0.1, a.Facts.Accuracy[Quantity.Current].Absolute, 1e-9);
        await using var b = await _bench.OpenAsync(Options + "&grade=b");
        Assert.Equal(100e-6 / 0.1, b.Facts.Accuracy[Quantity.Current].Absolute, 1e-9);
        Assert.Equal(0.3, b.Facts.Accuracy[Quantity.Current].ReadingPercent, 1e-9);
    }

    [Theory]
    [InlineData("ina228", "shunt=16.2mohm&max-current=10A", 16 * 3.2 * 10 / 524288, 10.0 / 524288)]
    [InlineData("ina701", "", 0.608e-3, 11.875e-6)]
    [InlineData("ina780", "", 16 * 0.2 * 2.4e-3, 2.4e-3 / 16)]
    public async Task Accumulators_count_in_the_data_sheets_joules_and_coulombs(string model, string options, double joules, double coulombs)
    {
        var chip = Attach(model);
        chip.Convert(1000, 3000);
        await using var meter = await _bench.OpenAsync($"i2c://1/0x40?model={model}&{options}".TrimEnd('&'));
        (chip.Energy, chip.Charge) = ((1L << 40) - 1, -(1L << 39));
        chip.Convert(1000, 3000);
        var readings = await meter.ReadAsync(Token);
        Assert.Equal(((1L << 40) - 1) * joules, Value(readings, Quantity.EnergyImport), joules);
        Assert.Equal(-(1L << 39) * coulombs, Value(readings, Quantity.Charge), coulombs);
        Assert.Equal((1L << 40) * joules, meter.Traces[1].Wrap!.Value, joules);
    }

    private static double Ohms(string model) => model switch
    {
        "ina219" or "ina220" or "ina209" => 0.1,
        _ => 0.002,
    };

    private static string Uri(string model, bool coarse = false)
    {
        var slow = model switch
        {
            "ina219" or "ina220" or "ina209" => SlowPowersOfTwo,
            "ina228" or "ina237" or "ina238" or "ina700" or "ina701" or "ina780" => SlowDividing,
            _ => SlowPowersOfFour,
        };
        var shunt = model switch
        {
            "ina260" or "ina700" or "ina701" or "ina780" => "",
            "ina219" or "ina220" or "ina209" => "&shunt=100mohm&max-current=3.19A" + (coarse ? "&current-step=1mA" : ""),
            "ina232" or "ina234" or "ina236" or "ina226" or "ina230" or "ina231" => "&shunt=2mohm&max-current=40A" + (coarse ? "&current-step=10mA" : ""),
            _ => "&shunt=2mohm&max-current=40A&adc-range=0" + (coarse ? "&current-step=10mA" : ""),
        };
        return $"i2c://1/0x40?model={model}{shunt}{slow}";
    }

    private ModelChip Attach(string model, int address = 0x40)
    {
        var chip = new ModelChip(model);
        _bench.WithChip(address, chip.Chip);
        return chip;
    }

    private static double Value(IReadOnlyList<MeterReading> readings, Quantity quantity) =>
        readings.Single(r => r.Quantity == quantity).Value!.Value;
}
