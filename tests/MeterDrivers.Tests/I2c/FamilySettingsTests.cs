using MeterLab.Measurement;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Tests.Polling;

namespace MeterLab.MeterDrivers.Tests.I2c;

/// <summary>What the chips of the family are set to, and that they stay so.</summary>
public sealed class FamilySettingsTests
{
    private readonly FamilyBench _family = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Models => [.. ModelChip.Models];

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
        var chip = _family.Attach(model);
        await using var meter = await _family.OpenAsync($"i2c://1/0x40?model={model}&{options}");
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
        var failure = await Assert.ThrowsAsync<ConfigurationException>(() => _family.OpenAsync($"i2c://1/0x40?model={model}&{options}"));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, _family.Bench.BusesOpened);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Opening_twice_writes_once(string model)
    {
        var chip = _family.Attach(model);
        chip.Convert(1600, 3000);
        await (await _family.OpenAsync(FamilyBench.Uri(model))).DisposeAsync();
        Assert.NotEmpty(chip.Chip.Writes);
        chip.Chip.Writes.Clear();
        await using var meter = await _family.OpenAsync(FamilyBench.Uri(model));
        await meter.IdentifyAsync(Token);
        await meter.ReadAsync(Token);
        Assert.Empty(chip.Chip.Writes);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task A_lost_supply_is_noticed_repaired_and_flagged(string model)
    {
        var chip = _family.Attach(model);
        chip.Convert(1600, 3000);
        await using var meter = await _family.OpenAsync(FamilyBench.Uri(model));
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
        var chip = _family.Attach(model);
        chip.Convert(1600, 3000);
        await using var meter = await _family.OpenAsync($"i2c://1/0x40?model={model}&{options}");
        var sink = new CollectingSink(60) { Accepted = count => { if (count == 2) chip.Reset(); } };
        await meter.AcquireAsync(new AcquisitionRequest([0], TimeSpan.FromMilliseconds(1)), sink, sink.Enough);
        Assert.Contains(sink.Events, e => e.Kind == AcquisitionEventKind.Resynchronised);
        Assert.True(sink.Samples[2].Sample.Flags.HasFlag(SampleFlags.Resynchronised));
    }
}
