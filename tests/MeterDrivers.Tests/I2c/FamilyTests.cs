using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;

namespace MeterLab.MeterDrivers.Tests.I2c;

/// <summary>Every single-channel chip with big-endian registers, by one set of rules: what its registers mean.</summary>
public sealed class FamilyTests
{
    private readonly FamilyBench _family = new();

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
        var chip = _family.Attach(model);
        chip.Convert(shunt, bus);
        await using var meter = await _family.OpenAsync($"i2c://1/0x40?model={model}&{options}".TrimEnd('&'));
        var readings = await meter.ReadAsync(Token);
        var steps = meter.Facts.Resolution;
        Assert.Equal(volts, FamilyBench.Value(readings, Quantity.Voltage), 1e-9);
        Assert.Equal(amperes, FamilyBench.Value(readings, Quantity.Current), steps[Quantity.Current]);
        Assert.Equal(watts, FamilyBench.Value(readings, Quantity.ActivePower), 2 * steps[Quantity.ActivePower] + volts * steps[Quantity.Current]);
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
        var chip = _family.Attach(model);
        var bus = model is "ina219" or "ina220" or "ina209" ? 3000 : model == "ina228" ? 61440 : 3840;
        chip.Convert(shunt, bus);
        // So large a current step that the end of the converter's scale is far from the end of CURRENT.
        await using var meter = await _family.OpenAsync(FamilyBench.Uri(model, coarse: true));
        var readings = await meter.ReadAsync(Token);
        Assert.True(FamilyBench.Value(readings, Quantity.Current) < 0);
        Assert.True(FamilyBench.Value(readings, Quantity.ActivePower) < 0);
        Assert.Equal(FamilyBench.Value(readings, Quantity.Current) * FamilyBench.Value(readings, Quantity.Voltage), FamilyBench.Value(readings, Quantity.ActivePower), 2 * meter.Facts.Resolution[Quantity.ActivePower] + 0.01);
        if (readings.FirstOrDefault(r => r.Quantity == Quantity.ShuntVoltage) is { Value: { } volts })
            Assert.Equal(FamilyBench.Value(readings, Quantity.Current) * FamilyBench.Ohms(model), volts, 1e-3 * Math.Abs(volts));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task The_end_of_the_converters_scale_is_no_value(string model)
    {
        var chip = _family.Attach(model);
        chip.Convert(model is "ina219" or "ina220" or "ina209" ? -32000 : model == "ina228" ? -(1 << 19) : short.MinValue, 3000);
        await using var meter = await _family.OpenAsync(FamilyBench.Uri(model));
        var power = (await meter.ReadAsync(Token)).Single(r => r.Quantity == Quantity.ActivePower);
        Assert.Equal(SampleFlags.Overflow, power.Flags);
        Assert.Null(power.Value);
    }

    [Theory]
    [InlineData("ina228", "shunt=16.2mohm&max-current=10A", 16 * 3.2 * 10 / 524288, 10.0 / 524288)]
    [InlineData("ina701", "", 0.608e-3, 11.875e-6)]
    [InlineData("ina780", "", 16 * 0.2 * 2.4e-3, 2.4e-3 / 16)]
    public async Task Accumulators_count_in_the_data_sheets_joules_and_coulombs(string model, string options, double joules, double coulombs)
    {
        var chip = _family.Attach(model);
        chip.Convert(1000, 3000);
        await using var meter = await _family.OpenAsync($"i2c://1/0x40?model={model}&{options}".TrimEnd('&'));
        (chip.Energy, chip.Charge) = ((1L << 40) - 1, -(1L << 39));
        chip.Convert(1000, 3000);
        var readings = await meter.ReadAsync(Token);
        Assert.Equal(((1L << 40) - 1) * joules, FamilyBench.Value(readings, Quantity.EnergyImport), joules);
        Assert.Equal(-(1L << 39) * coulombs, FamilyBench.Value(readings, Quantity.Charge), coulombs);
        Assert.Equal((1L << 40) * joules, meter.Traces[1].Wrap!.Value, joules);
    }
}
