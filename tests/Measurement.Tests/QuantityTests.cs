using MeterLab.Measurement.Quantities;

using NodaTime;

namespace MeterLab.Measurement.Tests;

public class QuantityTests
{
    [Fact]
    public void Watts_over_time_are_joules() => Assert.Equal(new Joules(1800), new Watts(30) * Duration.FromMinutes(1));

    [Theory]
    [InlineData("2mohm", Dimension.Resistance, 2e-3)]
    [InlineData("20A", Dimension.Current, 20)]
    [InlineData("200ms", Dimension.Time, 0.2)]
    [InlineData("1e3W", Dimension.Power, 1000)]
    [InlineData("1%", Dimension.Ratio, 0.01)]
    [InlineData("64GiB", Dimension.Information, 68719476736)]
    [InlineData("380g/kWh", Dimension.CarbonIntensity, 0.38 / 3.6e6)]
    public void A_number_with_its_unit_is_read_in_SI(string text, Dimension dimension, double expected)
    {
        Assert.True(UnitText.TryParse(text, dimension, out var value, out var problem), problem);
        Assert.Equal(expected, value, expected * 1e-12);
    }

    [Theory]
    [InlineData("20", Dimension.Current, "no unit")]
    [InlineData("20V", Dimension.Current, "not a unit of current")]
    [InlineData("A", Dimension.Current, "not a number")]
    public void A_bare_number_or_a_foreign_unit_is_refused_in_words(string text, Dimension dimension, string part)
    {
        Assert.False(UnitText.TryParse(text, dimension, out _, out var problem));
        Assert.Contains(part, problem, StringComparison.Ordinal);
    }
}
