using MeterLab.MeterDrivers.Scanning;

namespace MeterLab.MeterDrivers.Tests.I2c;

/// <summary>A chip that a driver of the kernel has is not touched: its folder laid out as in the kernel's /sys/bus/i2c/devices.</summary>
public sealed class KernelClaimTests : IDisposable
{
    private const string Address = "i2c://1/0x40?model=ina226&shunt=2mohm&max-current=20A";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("meterlab-i2c-");
    private readonly FakeIna226 _chip = new();
    private readonly Bench _bench;

    public KernelClaimTests()
    {
        _bench = new Bench(Directory.CreateDirectory(Path.Combine(_root.FullName, "bus", "i2c", "devices")).FullName).WithChip(0x40, _chip.Chip);
    }

    public void Dispose() => _root.Delete(recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_chip_of_a_bound_driver_is_refused_with_both_ways_out_and_nothing_is_written(bool settings)
    {
        Chip("1-0040", "ina226", "ina2xx");

        var failure = await Assert.ThrowsAsync<LinkException>(() => settings
            ? _bench.Opener.OpenAsItIsAsync(MeterUri.Parse(Address), "rail", _bench.Environment, TestContext.Current.CancellationToken)
            : _bench.OpenAsync(Address));

        Assert.Equal(LinkFailure.Busy, failure.Failure);
        Assert.Contains("belongs to the kernel's driver ina2xx", failure.Message, StringComparison.Ordinal);
        Assert.Contains("hwmon://ina226@1-0040", failure.Message, StringComparison.Ordinal);
        Assert.Contains("echo 1-0040 > /sys/bus/i2c/drivers/ina2xx/unbind", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, _bench.BusesOpened);
        Assert.Empty(_chip.Chip.Writes);
    }

    [Fact]
    public async Task A_chip_that_the_kernel_knows_without_a_driver_is_opened()
    {
        Chip("1-0040", "ina226", driver: null);
        Chip("1-0041", "ina226", "ina2xx");
        Chip("2-0040", "ina226", "ina2xx");

        await using var meter = await _bench.OpenAsync(Address);

        Assert.Single(meter.Traces);
    }

    [Fact]
    public async Task A_driver_that_came_while_the_bus_was_away_keeps_the_chip()
    {
        await using var meter = await _bench.OpenAsync(Address);
        Chip("1-0040", "ina226", "ina2xx");
        // The adapter goes: what comes back is the kernel's.
        _bench.Bus.Errors.Enqueue(19);
        await Assert.ThrowsAsync<LinkException>(() => meter.ReadAsync(TestContext.Current.CancellationToken));

        var failure = await Assert.ThrowsAsync<LinkException>(() => ((IPolledSource)meter).ReopenAsync(TestContext.Current.CancellationToken).AsTask());

        Assert.Equal(LinkFailure.Busy, failure.Failure);
    }

    [Fact]
    public async Task A_scan_says_who_has_it_and_how_it_is_read()
    {
        Chip("1-0040", "ina226", "ina2xx");

        var report = await _bench.Opener.ScanAsync(new ScanRequest(MeterUri.Parse("i2c://1")), _bench.Environment, null, TestContext.Current.CancellationToken);

        var answer = Assert.Single(report.Answers);
        Assert.Equal(("ina226", "hwmon://ina226@1-0040"), (answer.Candidates[0].Model, answer.Candidates[0].Uri));
        Assert.Contains(answer.Notes, note => note.Contains("the kernel's driver ina2xx", StringComparison.Ordinal));
        Assert.Empty(_chip.Chip.Writes);
    }

    // Devices link to their driver; both folders are links' targets in the kernel, which makes no difference here.
    private void Chip(string place, string name, string? driver)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_bench.Environment.I2cDirectory, place)).FullName;
        File.WriteAllText(Path.Combine(folder, "name"), name + "\n");
        if (driver is null)
            return;
        Directory.CreateDirectory(Path.Combine(_root.FullName, "bus", "i2c", "drivers", driver));
        Directory.CreateSymbolicLink(Path.Combine(folder, "driver"), $"../../drivers/{driver}");
    }
}
