using MeterLab.Cli.Rendering.Text;
using MeterLab.Measurement.Samples;

namespace MeterLab.Cli.Tests;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(123.4, 6, "123.4 W")]
    [InlineData(893.4, 2, "893 W")]
    [InlineData(0.00069, 2, "0.00069 W")]
    [InlineData(-12.34567891, 6, "-12.3457 W")]
    [InlineData(0, 6, "0 W")]
    [InlineData(0.0000012, 2, "1.2E-06 W")]
    [InlineData(1234567.0, 3, "1234567 W")]
    public void A_figure_has_its_unit_and_as_many_digits_as_it_deserves(double value, int digits, string text) =>
        Assert.Equal(text, Figures.Of(value, "W", digits));

    [Fact]
    public void No_figure_is_a_dash_and_never_a_zero() => Assert.Equal("-", Figures.Of(null, "W"));

    [Theory]
    [InlineData(1_767_229_200_123_456_789, 6, "2026-01-01T01:00:00.123456Z")]
    [InlineData(1_767_229_200_123_456_789, 9, "2026-01-01T01:00:00.123456789Z")]
    [InlineData(-1, 9, "1969-12-31T23:59:59.999999999Z")]
    public void Utc_is_exact_to_the_nanosecond(long utcNs, int digits, string text) => Assert.Equal(text, Figures.Utc(utcNs, digits));

    [Fact]
    public void Every_flag_has_a_name_of_its_own()
    {
        var all = Enum.GetValues<SampleFlags>().Where(flag => flag != SampleFlags.None).ToList();

        Assert.Equal(all.Count, Figures.Names(all.Aggregate((a, b) => a | b)).Distinct().Count());
    }
}
