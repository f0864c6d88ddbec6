using MeterLab.Measurement.Quantities;

namespace MeterLab.MeterDrivers.Tests.I2c;

/// <summary>How good the figures of the family are, as far as anybody says.</summary>
public sealed class FamilyAccuracyTests
{
    private readonly FamilyBench _family = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

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
        _family.Attach(model).Convert(1600, 3000);
        await using var meter = await _family.OpenAsync(FamilyBench.Uri(model));
        var readings = await meter.ReadAsync(Token);
        Assert.Equal(current, readings.Single(r => r.Quantity == Quantity.Current).StandardUncertainty is not null);
        Assert.Equal(power, readings.Single(r => r.Quantity == Quantity.ActivePower).StandardUncertainty is not null);
        Assert.Equal(power, meter.Traces[0].Accuracy is not null);
    }

    [Fact]
    public async Task Temperature_widens_the_limits_by_every_drift_and_the_chips_own_compensation_takes_the_shunts_off()
    {
        _family.Attach("ina226");
        _family.Attach("ina228", 0x41);
        const string Options = "shunt=2mohm&max-current=20A&bus-voltage=12V&shunt-tempco=50ppm&temperature-span=20degC";
        await using var plain = await _family.OpenAsync("i2c://1/0x40?model=ina226&" + Options);
        await using var compensated = await _family.OpenAsync("i2c://1/0x41?model=ina228&" + Options);
        // 0.1 % + 20 K x 50 ppm of the chip + 20 K x 50 ppm of the shunt; 10 uV + 20 K x 0.1 uV.
        Assert.Equal(0.1 + 0.1 + 0.1, plain.Facts.Accuracy[Quantity.Current].ReadingPercent, 1e-9);
        Assert.Equal(12e-6 / 2e-3, plain.Facts.Accuracy[Quantity.Current].Absolute, 1e-9);
        // 0.05 % + 20 K x 20 ppm, and nothing for the shunt.
        Assert.Equal(0.05 + 0.04, compensated.Facts.Accuracy[Quantity.Current].ReadingPercent, 1e-9);
    }

    [Fact]
    public async Task The_grade_of_an_INA219_is_in_its_limits()
    {
        _family.Attach("ina219").Convert(1000, 3000);
        const string Options = "i2c://1/0x40?model=ina219&shunt=100mohm&max-current=3.2A";
        await using (var a = await _family.OpenAsync(Options))
            Assert.Equal(200e-6 / 0.1, a.Facts.Accuracy[Quantity.Current].Absolute, 1e-9);
        await using var b = await _family.OpenAsync(Options + "&grade=b");
        Assert.Equal(100e-6 / 0.1, b.Facts.Accuracy[Quantity.Current].Absolute, 1e-9);
        Assert.Equal(0.3, b.Facts.Accuracy[Quantity.Current].ReadingPercent, 1e-9);
    }
}
