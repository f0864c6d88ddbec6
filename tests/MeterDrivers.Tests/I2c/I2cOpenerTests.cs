namespace MeterLab.MeterDrivers.Tests.I2c;

public sealed class I2cOpenerTests
{
    private const string First = "i2c://1/0x40?model=ina226&shunt=2mohm&max-current=20A";
    private const string Second = "i2c://1/0x41?model=ina228&shunt=2mohm&max-current=20A";

    private readonly Bench _bench = new Bench().WithChip(0x40, new FakeIna226().Chip).WithChip(0x41, new FakeIna228().Chip);

    [Fact]
    public async Task Two_meters_share_a_bus_that_closes_with_the_last()
    {
        var first = await _bench.OpenAsync(First, "a");
        var second = await _bench.OpenAsync(Second, "b");
        Assert.Equal(1, _bench.BusesOpened);
        await first.DisposeAsync();
        Assert.False(_bench.Bus.IsDisposed);
        await second.DisposeAsync();
        Assert.True(_bench.Bus.IsDisposed);
    }

    [Fact]
    public async Task The_same_chip_twice_is_busy()
    {
        await using var first = await _bench.OpenAsync(First, "a");
        var failure = await Assert.ThrowsAsync<LinkException>(() => _bench.OpenAsync(First, "b"));
        Assert.Equal(LinkFailure.Busy, failure.Failure);
    }

    [Fact]
    public async Task An_address_where_nothing_answers_is_unreachable()
    {
        var failure = await Assert.ThrowsAsync<LinkException>(() => _bench.OpenAsync("i2c://1/0x4f?model=ina226&shunt=2mohm&max-current=20A"));
        Assert.Equal(LinkFailure.Unreachable, failure.Failure);
        Assert.Contains("Nothing answers at 0x4f on I2C bus 1", failure.Message, StringComparison.Ordinal);
        Assert.True(_bench.Bus.IsDisposed);
    }

    [Fact]
    public async Task A_bus_that_does_not_exist_is_unreachable()
    {
        var failure = await Assert.ThrowsAsync<LinkException>(() => _bench.OpenAsync("i2c://7/0x40?model=ina226&shunt=2mohm&max-current=20A"));
        Assert.Equal(LinkFailure.Unreachable, failure.Failure);
        Assert.Contains("no I2C bus 7", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("i2c://1/0x41?model=ina226&shunt=2mohm&max-current=20A", "no ina226")]
    [InlineData("i2c://1/0x40?model=ina228&shunt=2mohm&max-current=20A", "no ina228")]
    public async Task Another_chip_than_the_address_names_is_refused(string uri, string expected)
    {
        var failure = await Assert.ThrowsAsync<MeterException>(() => _bench.OpenAsync(uri));
        Assert.Equal(MeterFailure.WrongDevice, failure.Failure);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bus_held_low_times_out()
    {
        _bench.Bus.Errors.Enqueue(110);
        var failure = await Assert.ThrowsAsync<LinkException>(() => _bench.OpenAsync(First));
        Assert.Equal(LinkFailure.TimedOut, failure.Failure);
    }

    [Fact]
    public async Task A_meter_says_what_it_is()
    {
        await using var meter = await _bench.OpenAsync(Second);
        var identity = await meter.IdentifyAsync(TestContext.Current.CancellationToken);
        Assert.Equal(new MeterIdentity("Texas Instruments", "ina228", null, "die revision 1"), identity);
    }

    [Fact]
    public void Every_chip_of_the_family_is_a_model()
    {
        string[] expected =
        [
            "ina209", "ina219", "ina220", "ina226", "ina228", "ina230", "ina231", "ina232", "ina233", "ina234", "ina236", "ina237", "ina238", "ina260",
            "ina3221", "ina700", "ina701", "ina780",
        ];
        Assert.Equal(expected, _bench.Opener.Models(_bench.Environment).Select(facts => facts.Model).Order(StringComparer.Ordinal));
    }
}
