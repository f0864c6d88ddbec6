using MeterLab.Measurement;
using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Hwmon;
using MeterLab.MeterDrivers.Tests.I2c;
using MeterLab.MeterDrivers.Tests.Polling;

namespace MeterLab.MeterDrivers.Tests.Hwmon;

/// <summary>A folder laid out as the kernel's /sys/class/hwmon.</summary>
public sealed class HwmonMeterTests : IDisposable
{
    private readonly string _root = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private readonly string _class;
    private readonly MeterEnvironment _environment;

    public HwmonMeterTests()
    {
        _class = Path.Combine(_root, "class", "hwmon");
        _environment = new MeterEnvironment { Clock = new SystemHostClock(), ProfileDirectory = ".", HwmonDirectory = _class };
        Directory.CreateDirectory(_class);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Micro_and_milli_units_become_watts_amperes_and_volts()
    {
        Device("hwmon3", "ina226", "1-0040", ("power1_input", 119_800_000), ("curr1_input", 10_000), ("in0_input", 20), ("in1_input", 11_980), ("shunt_resistor", 2000), ("update_interval", 35));
        await using var meter = await OpenAsync("hwmon://ina226@1-0040");
        var readings = await meter.ReadAsync(Token);
        Assert.Equal(
            [("ch1", Quantity.ActivePower, 119.8), ("ch1", Quantity.Voltage, 11.98), ("ch1", Quantity.Current, 10.0)],
            readings.Select(r => (r.Channel, r.Quantity, Math.Round(r.Value!.Value, 9))));
        Assert.Equal(new MeterIdentity("Linux kernel", "ina226"), await meter.IdentifyAsync(Token));
        Assert.Equal(0.035, meter.Facts.Response.UpdatePeriodSeconds, 1e-9);
        // 2.5 uV behind 2 mohm, times 25: the driver's own step, far above its unit.
        Assert.Equal(31.25e-3, meter.Traces[0].Resolution, 1e-9);
    }

    [Fact]
    public async Task Power_has_the_currents_sign()
    {
        Device("hwmon0", "ina219", "1-0041", ("power1_input", 5_000_000), ("curr1_input", -417), ("in1_input", 12_000), ("shunt_resistor", 100_000));
        await using var meter = await OpenAsync("hwmon://ina219@1-41");
        Assert.Equal(-5, (await meter.ReadAsync(Token)).First(r => r.Quantity == Quantity.ActivePower).Value!.Value, 1e-9);
        var sink = new CollectingSink(1);
        await meter.AcquireAsync(new AcquisitionRequest([0]), sink, sink.Enough);
        Assert.Equal(-5, meter.Traces[0].Scale.ToValue(sink.Samples[0].Sample.Code), 1e-9);
    }

    [Fact]
    public async Task Channels_without_power_are_multiplied_and_those_switched_off_are_left_out()
    {
        Device(
            "hwmon0", "ina3221", "1-0040", ("in1_input", 12_000), ("curr1_input", 100), ("in1_enable", 1), ("in2_input", 5000), ("curr2_input", -200),
            ("in2_enable", 1), ("in3_input", 3300), ("curr3_input", 400), ("in3_enable", 0));
        await using var meter = await OpenAsync($"hwmon://{_class}/hwmon0?model=ina3221");
        Assert.Equal(["ch1", "ch2", "total"], meter.Traces.Select(trace => trace.Channel.Channel));
        var readings = await meter.ReadAsync(Token);
        Assert.Equal([1.2, -1.0, 0.2], readings.Where(r => r.Quantity == Quantity.ActivePower).Select(r => Math.Round(r.Value!.Value, 9)));
    }

    [Fact]
    public async Task Accuracy_is_the_chips_behind_the_drivers_shunt_and_unknown_for_anything_else()
    {
        Device("hwmon0", "ina226", "1-0040", ("power1_input", 1), ("curr1_input", 1), ("in1_input", 12_000), ("shunt_resistor", 2000));
        Device("hwmon1", "corsairpsu", "0003:1B1C:1C0A.0001", ("power1_input", 1_000_000));
        await using var known = await OpenAsync("hwmon://ina226@1-0040?shunt-tolerance=1%25");
        // 0.1 % + 0.1 % + 1 % + 7.5 mV / 12 V; 10 uV / 2 mohm x 12 V and half a step of 31.25 mW.
        Assert.Equal(1.2 + 0.0625, known.Traces[0].Accuracy!.ReadingPercent, 1e-9);
        Assert.Equal(0.06 + 0.015625, known.Traces[0].Accuracy!.Absolute, 1e-9);
        await using var other = await OpenAsync($"hwmon://{_class}/hwmon1");
        Assert.Null(other.Traces[0].Accuracy);
        Assert.Null((await other.ReadAsync(Token))[0].StandardUncertainty);
    }

    [Fact]
    public async Task What_the_driver_rounds_is_part_of_the_accuracy()
    {
        // 2.5 uV behind 15 mohm are 166.67 uA, and the driver counts 167.
        Device("hwmon0", "ina226", "1-0040", ("power1_input", 1), ("curr1_input", 1), ("in1_input", 12_000), ("shunt_resistor", 15_000));
        await using var meter = await OpenAsync("hwmon://ina226@1-0040");
        Assert.Equal(0.1 + 0.1 + 0.0625 + 100 * (167 * 0.015 / 2.5 - 1), meter.Traces[0].Accuracy!.ReadingPercent, 1e-9);
    }

    [Theory]
    [InlineData(40_958, true)]
    [InlineData(-40_959, true)]
    [InlineData(40_956, false)]
    public async Task A_current_at_the_end_of_the_converters_scale_is_an_overflow(int milliAmperes, bool overflow)
    {
        // 32767 steps of 2.5 uV behind 2 mohm are 40.959 A; what flows beyond nobody knows.
        Device("hwmon0", "ina226", "1-0040", ("power1_input", 490_000_000), ("curr1_input", milliAmperes), ("in1_input", 12_000), ("shunt_resistor", 2000));
        await using var meter = await OpenAsync("hwmon://ina226@1-0040");
        var power = (await meter.ReadAsync(Token))[0];
        Assert.Equal((overflow ? SampleFlags.Overflow : SampleFlags.None, overflow), (power.Flags, power.Value is null));
    }

    [Fact]
    public async Task A_recording_goes_on_where_the_device_comes_back_under_another_number()
    {
        Device("hwmon0", "ina226", "1-0040", ("power1_input", 1_000_000), ("curr1_input", 1), ("in1_input", 12_000));
        await using var meter = await OpenAsync("hwmon://ina226@1-0040");
        var sink = new CollectingSink(4)
        {
            Accepted = count =>
            {
                if (count != 2)
                    return;
                // What is read from a file of sysfs whose device has gone: nothing.
                File.WriteAllText(Path.Combine(_class, "hwmon0", "power1_input"), "");
                Directory.Delete(Path.Combine(_class, "hwmon0"), recursive: true);
                Device("hwmon7", "ina226", "1-0040", ("power1_input", 2_000_000), ("curr1_input", 1), ("in1_input", 12_000));
            },
        };
        await meter.AcquireAsync(new AcquisitionRequest([0], TimeSpan.FromMilliseconds(5)), sink, sink.Enough);
        Assert.Equal(2_000_000, sink.Samples[^1].Sample.Code);
    }

    [Fact]
    public async Task A_device_that_is_gone_is_unreachable()
    {
        var folder = Device("hwmon0", "ina226", "1-0040", ("power1_input", 1), ("curr1_input", 1), ("in1_input", 1));
        await using var meter = await OpenAsync("hwmon://ina226@1-0040");
        Directory.Delete(folder, recursive: true);
        var failure = await Assert.ThrowsAsync<LinkException>(() => meter.IdentifyAsync(Token));
        Assert.Equal(LinkFailure.Unreachable, failure.Failure);
        Assert.Contains("is gone", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_may_not_be_read_says_who_may()
    {
        // Root would be let in to any file; of a folder .NET says the same as of a file that lets nobody in.
        var folder = Directory.CreateDirectory(Path.Combine(_class, "hwmon0")).FullName;
        Directory.CreateDirectory(Path.Combine(folder, "name"));
        var failure = await Assert.ThrowsAsync<LinkException>(() => OpenAsync($"hwmon://{_class}/hwmon0"));
        Assert.Equal(LinkFailure.Denied, failure.Failure);
    }

    [Fact]
    public async Task What_is_no_number_is_corrupt()
    {
        var folder = Device("hwmon0", "ina226", "1-0040", ("power1_input", 1), ("curr1_input", 1), ("in1_input", 1));
        await using var meter = await OpenAsync("hwmon://ina226@1-0040");
        await File.WriteAllTextAsync(Path.Combine(folder, "power1_input"), "n/a\n", Token);
        var failure = await Assert.ThrowsAsync<LinkException>(() => meter.ReadAsync(Token));
        Assert.Equal(LinkFailure.Corrupt, failure.Failure);
    }

    [Theory]
    [InlineData("hwmon://ina219@1-0040", "drives the device at 1-0040 as ina226, not as ina219")]
    [InlineData("hwmon://CLASS/hwmon0?model=ina219", "drives this device as ina226, not as ina219")]
    [InlineData("hwmon://ina226@1-0040?shunt=1mohm", "computes with a shunt of 2 mohm. As root: echo 1000 >")]
    public async Task Another_device_or_shunt_than_the_address_names_is_refused(string uri, string expected)
    {
        Device("hwmon0", "ina226", "1-0040", ("power1_input", 1), ("curr1_input", 1), ("in1_input", 1), ("shunt_resistor", 2000));
        var failure = await Assert.ThrowsAsync<MeterException>(() => OpenAsync(uri.Replace("CLASS", _class, StringComparison.Ordinal)));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_without_power_is_no_meter()
    {
        Device("hwmon0", "coretemp", "coretemp.0", ("temp1_input", 40_000));
        var failure = await Assert.ThrowsAsync<MeterException>(() => OpenAsync("hwmon://coretemp@coretemp.0"));
        Assert.Contains("measures no power", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_absent_device_is_unreachable_and_those_present_are_named()
    {
        // A thermal zone's belongs to no device.
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(_class, "hwmon1")).FullName, "name"), "acpitz\n");
        Device("hwmon0", "ina226", "1-0040", ("power1_input", 1), ("curr1_input", 1), ("in1_input", 1));
        var failure = await Assert.ThrowsAsync<LinkException>(() => OpenAsync("hwmon://ina226@2-0040"));
        Assert.Equal(LinkFailure.Unreachable, failure.Failure);
        Assert.Contains("It has ina226@1-0040.", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hwmon:///etc/hwmon0")]
    [InlineData("hwmon://CLASS/../hwmon0")]
    [InlineData("hwmon://CLASS/hwmon0x")]
    [InlineData("hwmon://CLASS/hwmon")]
    [InlineData("hwmon://ina226")]
    [InlineData("hwmon://@1-0040")]
    [InlineData("hwmon://ina226@1-0040/x")]
    [InlineData("hwmon://ina226@1-0040?average=4")]
    public async Task What_is_no_address_of_a_device_is_refused(string uri) =>
        await Assert.ThrowsAsync<ConfigurationException>(() => OpenAsync(uri.Replace("CLASS", _class, StringComparison.Ordinal)));

    [Fact]
    public async Task A_sample_allocates_nothing()
    {
        Device("hwmon0", "ina226", "1-0040", ("power1_input", 1), ("curr1_input", 1), ("in1_input", 1));
        await using var meter = await OpenAsync("hwmon://ina226@1-0040");
        var sink = new CollectingSink(1);
        await meter.AcquireAsync(new AcquisitionRequest([0]), sink, sink.Enough);
        Assert.Equal(0, await Allocations.OfAsync((IPolledSource)meter, Token));
    }

    private Task<IMeter> OpenAsync(string uri) => new HwmonOpener().OpenAsync(MeterUri.Parse(uri), "rail", _environment, Token);

    /// <summary>The class folder links to its device, and the attributes lie in the class folder.</summary>
    private string Device(string number, string name, string place, params (string Attribute, int Value)[] attributes)
    {
        var device = Directory.CreateDirectory(Path.Combine(_root, "devices", place)).FullName;
        var folder = Path.Combine(_class, number);
        Directory.CreateDirectory(folder);
        Directory.CreateSymbolicLink(Path.Combine(folder, "device"), device);
        File.WriteAllText(Path.Combine(folder, "name"), name + "\n");
        foreach (var (attribute, value) in attributes)
            File.WriteAllText(Path.Combine(folder, attribute), value + "\n");
        return folder;
    }
}
