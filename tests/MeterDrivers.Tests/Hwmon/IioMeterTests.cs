using MeterLab.Measurement;
using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Hwmon;
using MeterLab.MeterDrivers.Tests.I2c;
using MeterLab.MeterDrivers.Tests.Polling;

namespace MeterLab.MeterDrivers.Tests.Hwmon;

/// <summary>Folders laid out as the kernel's /sys/bus/iio/devices, each a link to one inside the chip's own, with the attributes of the INA driver.</summary>
public sealed class IioMeterTests : IDisposable
{
    private readonly string _root = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private readonly string _iio;
    private readonly MeterEnvironment _environment;

    public IioMeterTests()
    {
        _iio = Path.Combine(_root, "bus", "iio", "devices");
        _environment = new MeterEnvironment { Clock = new SystemHostClock(), ProfileDirectory = ".", HwmonDirectory = Path.Combine(_root, "class", "hwmon"), IioDirectory = _iio };
        Directory.CreateDirectory(_iio);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("hwmon://ina226@1-0040")]
    [InlineData("hwmon://ina226@1-40?shunt=2mohm")]
    [InlineData("hwmon://IIO/iio:device0?model=ina226")]
    public async Task Numbers_times_their_scales_become_watts_amperes_and_volts(string uri)
    {
        // The data sheet's 10 A at 11.98 V behind 2 mohm: as newer drivers calibrate, a step of current is one of the shunt voltage.
        Ina226(8000, 9584, 3833, 8000);
        await using var meter = await OpenAsync(uri);

        var readings = await meter.ReadAsync(Token);

        Assert.Equal(
            [("ch1", Quantity.ActivePower, 3833 * 31.25e-3), ("ch1", Quantity.Voltage, 11.98), ("ch1", Quantity.Current, 10.0)],
            readings.Select(r => (r.Channel, r.Quantity, Math.Round(r.Value!.Value, 9))));
        Assert.Equal(new MeterIdentity("Linux kernel", "ina226"), await meter.IdentifyAsync(Token));
        Assert.Equal(["rail/ch1"], meter.Traces.Select(trace => trace.Channel.ToString()));
        // 4 averages of 1.1 ms and 1.1 ms.
        Assert.Equal(8.8e-3, meter.Facts.Response.UpdatePeriodSeconds, 1e-12);
        Assert.True(meter.Facts.Response.AveragingKnown);
        Assert.Equal(31.25e-3, meter.Traces[0].Resolution, 1e-12);
    }

    [Fact]
    public async Task Power_has_the_currents_sign()
    {
        Ina226(-8000, 9584, 3833, -8000);
        await using var meter = await OpenAsync("hwmon://ina226@1-0040");
        var sink = new CollectingSink(1);

        await meter.AcquireAsync(new AcquisitionRequest([0]), sink, sink.Enough);

        Assert.Equal(-3833 * 31.25e-3, meter.Traces[0].Scale.ToValue(sink.Samples[0].Sample.Code), 1e-9);
        Assert.Equal(SampleFlags.None, sink.Samples[0].Sample.Flags);
    }

    [Fact]
    public async Task Accuracy_is_the_chips_behind_the_drivers_shunt()
    {
        Ina226(8000, 9584, 3833, 8000);
        await using var meter = await OpenAsync("hwmon://ina226@1-0040?shunt-tolerance=1%25&bus-voltage=12V");

        // 0.1 % + 0.1 % + 1 % + 7.5 mV / 12 V; 10 uV / 2 mohm x 12 V and half a step of 31.25 mW.
        Assert.Equal(1.2 + 0.0625, meter.Traces[0].Accuracy!.ReadingPercent, 1e-6);
        Assert.Equal(0.06 + 0.015625, meter.Traces[0].Accuracy!.Absolute, 1e-9);
    }

    [Fact]
    public async Task What_an_old_driver_rounds_in_the_chips_calibration_is_part_of_the_accuracy()
    {
        // It wants steps of 1 mA behind 0.1 ohm: 51.2 is written as 51, and every current reads 0.39 % low.
        Device("ina226", "100000", ("in_voltage0", "40", "0.002500000"), ("in_voltage1", "9600", "1.250000000"), ("in_power2", "12", "25.000000000"), ("in_current3", "1", "1"));
        await using var old = await OpenAsync("hwmon://ina226@1-0040?bus-voltage=12V&shunt=100mohm");
        Assert.Equal(0.1 + 0.1 + 0.0625 + 100 * (51.2 / 51 - 1), old.Traces[0].Accuracy!.ReadingPercent, 1e-6);
        Assert.Equal(12 * 25e-3, (await old.ReadAsync(Token))[0].Value!.Value, 1e-12);

        // Of an INA219's 819 the chip keeps 818.
        Device("ina219", "50000", ("in_voltage0", "500", "0.010000000"), ("in_voltage1", "3000", "4.000000000"), ("in_power2", "60", "20.000000000"), ("in_current3", "100", "1"));
        await using var odd = await OpenAsync("hwmon://ina219@1-0040?bus-voltage=12V");
        var ina219 = 0.5 + 0.5;
        Assert.Equal(ina219 + 100 * (819.2 / 818 - 1), odd.Traces[0].Accuracy!.ReadingPercent, 1e-6);
    }

    [Fact]
    public async Task A_calibration_that_has_no_room_in_the_chip_is_refused()
    {
        // 1 mA behind 0.1 mohm would be 51200 of 15 bits.
        Device("ina226", "100", ("in_voltage0", "40", "0.002500000"), ("in_voltage1", "9600", "1.250000000"), ("in_power2", "12", "25.000000000"), ("in_current3", "1000", "1"));

        var refused = await Assert.ThrowsAsync<MeterException>(() => OpenAsync("hwmon://ina226@1-0040"));

        Assert.Contains("the calibration 51200 has no room", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chip_that_lost_its_calibration_gives_no_watts()
    {
        var folder = Ina226(8000, 9584, 3833, 8000);
        await using var meter = await OpenAsync("hwmon://ina226@1-0040");
        Set(folder, "in_power2_raw", "0");
        Set(folder, "in_current3_raw", "0");

        var power = (await meter.ReadAsync(Token))[0];

        Assert.Equal((null, SampleFlags.NotAvailable), (power.Value, power.Flags));
        // Nothing flows: nothing is what it reads, noise of a step or two beside it.
        Set(folder, "in_voltage0_raw", "-2");
        Assert.Equal((0, SampleFlags.None), ((await meter.ReadAsync(Token))[0].Value, (await meter.ReadAsync(Token))[0].Flags));
    }

    [Theory]
    [InlineData("32767", null, true)]
    [InlineData("-32768", null, true)]
    [InlineData("20000", null, false)]
    [InlineData("20000", "0.500000000", true)]
    public async Task A_current_at_the_end_of_the_converters_scale_is_an_overflow(string current, string? gain, bool overflow)
    {
        // At a gain of 0.5 the range ends at 80 mV, 8000 steps of an INA219's 10 uV.
        var folder = gain is null
            ? Ina226(0, 9584, 3833, 0)
            : Device("ina219", "0.010000000", ("in_voltage0", "0", "0.010000000"), ("in_voltage1", "3000", "4.000000000"), ("in_power2", "60", "20.000000000"), ("in_current3", "0", "1.000000000"));
        if (gain is not null)
            Set(folder, "in_voltage0_hardwaregain", gain);
        await using var meter = await OpenAsync($"hwmon://{(gain is null ? "ina226" : "ina219")}@1-0040");
        Set(folder, "in_current3_raw", current);

        var power = (await meter.ReadAsync(Token))[0];

        Assert.Equal(overflow ? SampleFlags.Overflow : SampleFlags.None, power.Flags);
        Assert.Equal(overflow, power.Value is null);
    }

    [Fact]
    public async Task A_recording_does_not_go_on_where_the_driver_comes_back_with_another_scale()
    {
        var folder = Ina226(8000, 9584, 3833, 8000);
        await using var meter = await OpenAsync("hwmon://ina226@1-0040");
        var source = (IPolledSource)meter;

        await source.ReopenAsync(Token);
        Set(folder, "in_shunt_resistor", "0.004000000");
        Set(folder, "in_current3_scale", "0.625000000");
        var failure = await Assert.ThrowsAsync<MeterException>(() => source.ReopenAsync(Token).AsTask());

        Assert.Contains("another shunt, scale or update interval", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hwmon://ina219@1-0040", "drives the device at 1-0040 as ina226, not as ina219")]
    [InlineData("hwmon://IIO/iio:device0?model=ina219", "drives this device as ina226, not as ina219")]
    [InlineData("hwmon://ina226@1-0040?shunt=1mohm", "computes with a shunt of 2 mohm. As root: echo 0.001 >")]
    public async Task Another_device_or_shunt_than_the_address_names_is_refused(string uri, string expected)
    {
        Ina226(8000, 9584, 3833, 8000);
        var failure = await Assert.ThrowsAsync<MeterException>(() => OpenAsync(uri));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_converter_is_no_meter()
    {
        var folder = Device("ads1015", null, ("in_voltage0", "1", "3.000000000"));
        Set(folder, "name", "ads1015");

        var failure = await Assert.ThrowsAsync<MeterException>(() => OpenAsync("hwmon://ads1015@1-0040"));

        Assert.Equal(MeterFailure.WrongDevice, failure.Failure);
        Assert.Contains("(ads1015) is no power monitor that MeterLab knows", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_absent_device_is_unreachable_and_those_present_are_named()
    {
        Ina226(1, 1, 1, 1);
        var failure = await Assert.ThrowsAsync<LinkException>(() => OpenAsync("hwmon://ina226@1-0041"));
        Assert.Equal(LinkFailure.Unreachable, failure.Failure);
        Assert.Contains("It has ina226@1-0040.", failure.Message, StringComparison.Ordinal);
        Assert.Equal(LinkFailure.Unreachable, (await Assert.ThrowsAsync<LinkException>(() => OpenAsync("hwmon://IIO/iio:device7"))).Failure);
    }

    [Theory]
    [InlineData("hwmon://IIO/iio:device")]
    [InlineData("hwmon://IIO/iio:device0x")]
    [InlineData("hwmon://IIO/hwmon0")]
    [InlineData("hwmon://IIO/../iio:device0")]
    public async Task What_is_no_address_of_a_device_is_refused(string uri) => await Assert.ThrowsAsync<ConfigurationException>(() => OpenAsync(uri));

    [Fact]
    public async Task A_sample_allocates_nothing()
    {
        // Without current: the shunt voltage is looked at, too.
        Ina226(1, 9584, 0, 0);
        await using var meter = await OpenAsync("hwmon://ina226@1-0040");
        var sink = new CollectingSink(1);
        await meter.AcquireAsync(new AcquisitionRequest([0]), sink, sink.Enough);
        Assert.Equal(0, await Allocations.OfAsync((IPolledSource)meter, Token));
    }

    private Task<IMeter> OpenAsync(string uri) =>
        new HwmonOpener().OpenAsync(MeterUri.Parse(uri.Replace("IIO", _iio, StringComparison.Ordinal)), "rail", _environment, Token);

    // As newer drivers show a chip behind 2 mohm: scales are fractions with nine decimals.
    private string Ina226(int shunt, int bus, int power, int current)
    {
        var folder = Device(
            "ina226", "0.002000000", ("in_voltage0", Text(shunt), "0.002500000"), ("in_voltage1", Text(bus), "1.250000000"), ("in_power2", Text(power), "31.250000000"),
            ("in_current3", Text(current), "1.250000000"));
        return folder;

        static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private string Device(string name, string? shunt, params (string Channel, string Raw, string Scale)[] channels)
    {
        var folder = Path.Combine(_root, "devices", "i2c-1", "1-0040", "iio:device0");
        Directory.CreateDirectory(folder);
        var link = Path.Combine(_iio, "iio:device0");
        if (!Directory.Exists(link))
            Directory.CreateSymbolicLink(link, "../../../devices/i2c-1/1-0040/iio:device0");
        Set(folder, "name", name);
        if (shunt is not null)
            Set(folder, "in_shunt_resistor", shunt);
        foreach (var (channel, raw, scale) in channels)
        {
            Set(folder, $"{channel}_raw", raw);
            Set(folder, $"{channel}_scale", scale);
        }

        foreach (var voltage in new[] { "in_voltage0", "in_voltage1" })
            Set(folder, $"{voltage}_integration_time", name == "ina219" ? "0.000532" : "0.001100");
        if (name == "ina226")
            Set(folder, "in_oversampling_ratio", "4");
        return folder;
    }

    private static void Set(string folder, string attribute, string value) => File.WriteAllText(Path.Combine(folder, attribute), value + "\n");
}
