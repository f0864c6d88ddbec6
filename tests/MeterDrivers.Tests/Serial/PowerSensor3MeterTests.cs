using MeterLab.Measurement;
using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Serial.PowerSensor3;
using MeterLab.MeterDrivers.Tests.I2c;
using MeterLab.MeterDrivers.Tests.Polling;
using MeterLab.VirtualRig.Wires;

namespace MeterLab.MeterDrivers.Tests.Serial;

public sealed class PowerSensor3MeterTests
{
    // (3.3 x 884 / 1023 - 1.65) / 0.12 A and 3.3 x 338 / 1023 / 0.0909 V.
    private const double Amperes = (3.3 * 884 / 1023 - 1.65f) / 0.12f;
    private const double Volts = 3.3 * 338 / 1023 / 0.0909f;

    private static readonly MeterEnvironment Environment = new() { Clock = new SystemHostClock(), ProfileDirectory = "." };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reading_gives_every_pair_in_use_and_the_total()
    {
        await using var device = new FakePowerSensor3();
        await using var meter = await OpenAsync(device);
        Assert.Equal(["gpu/ch1", "gpu/ch2", "gpu/total"], meter.Traces.Select(trace => trace.Channel.ToString()));
        for (var again = 0; again < 2; again++)
        {
            var readings = await meter.ReadAsync(Token);
            Assert.Equal(Volts, Value(readings, "ch1", Quantity.Voltage), 1e-6);
            Assert.Equal(Amperes, Value(readings, "ch1", Quantity.Current), 1e-6);
            Assert.Equal(Amperes * Volts, Value(readings, "ch1", Quantity.ActivePower), 1e-6);
            var total = readings.Single(r => r.Channel == "total");
            Assert.Equal(total.Value!.Value * 0.02 / Math.Sqrt(3), total.StandardUncertainty!.Value, 1e-9);
        }

        Assert.Equal("F411-1.6.1", (await meter.IdentifyAsync(Token)).Firmware);
    }

    [Fact]
    public async Task A_recording_keeps_both_raw_levels_and_the_devices_time()
    {
        await using var device = new FakePowerSensor3();
        await using var meter = await OpenAsync(device);
        var sink = new CollectingSink(2000);
        await meter.AcquireAsync(new AcquisitionRequest([0, 2]), sink, sink.Enough);

        var pair = sink.Samples.Where(s => s.Trace == 0).Select(s => s.Sample).ToArray();
        Assert.All(pair, s => Assert.Equal(338 << 10 | 884, s.Code));
        Assert.Equal(Amperes * Volts, meter.Traces[0].Scale.ToValue(pair[0].Code), 1e-9);
        var total = sink.Samples.First(s => s.Trace == 1).Sample;
        Assert.Equal((Amperes + (3.3 * 512 / 1023 - 1.65f) / 0.12f) * Volts, meter.Traces[2].Scale.ToValue(total.Code), 1e-9);
        Assert.All(pair.Zip(pair.Skip(1)), two => Assert.Equal(200_000, two.Second.DeviceNs - two.First.DeviceNs));
        Assert.All(pair, s => Assert.True(s.BeforeNs < s.AfterNs));
        Assert.All(pair, s => Assert.Equal(SampleFlags.None, s.Flags));
        Assert.True(meter.Traces[0].HasDeviceClock);
    }

    [Fact]
    public async Task A_marker_comes_back_on_one_set()
    {
        await using var device = new FakePowerSensor3();
        await using var meter = await OpenAsync(device);
        var sink = await UntilFlaggedAsync(meter, SampleFlags.Marker, () => _ = ((PowerSensor3Meter)meter).MarkAsync(Token).AsTask());
        Assert.Single(sink.Samples, s => s.Sample.Flags.HasFlag(SampleFlags.Marker));
    }

    // Does something in mid-stream, and records until 200 samples after the first that carries the flag, however late that comes.
    private static async Task<CollectingSink> UntilFlaggedAsync(IMeter meter, SampleFlags flag, Action act)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        enough.CancelAfter(TimeSpan.FromSeconds(60));
        var sink = new CollectingSink(int.MaxValue);
        var last = int.MaxValue;
        sink.Accepted = count =>
        {
            if (count == 100)
                act();
            if (last == int.MaxValue && sink.Samples[^1].Sample.Flags.HasFlag(flag))
                last = count + 200;
            if (count == last)
                enough.Cancel();
        };
        await meter.AcquireAsync(new AcquisitionRequest([0]), sink, enough.Token);
        return sink;
    }

    [Fact]
    public async Task Dropped_bytes_are_resynchronised_counted_and_flagged()
    {
        await using var device = new FakePowerSensor3();
        await using var meter = await OpenAsync(device);
        var sink = await UntilFlaggedAsync(meter, SampleFlags.Resynchronised, () => device.Drop(7));
        var flagged = Assert.Single(sink.Samples, s => s.Sample.Flags != SampleFlags.None);
        Assert.Equal(SampleFlags.Gap | SampleFlags.Resynchronised, flagged.Sample.Flags);
        Assert.True(meter.Statistics.Lost >= 1);
        Assert.Equal(1, meter.Statistics.Resynchronisations);
        Assert.All(sink.Samples, s => Assert.Equal(338 << 10 | 884, s.Sample.Code));
    }

    [Fact]
    public async Task A_device_unplugged_in_mid_stream_is_reopened_and_leaves_a_gap()
    {
        var link = Path.Combine(Path.GetTempPath(), $"meterlab-ps3-{Guid.NewGuid():N}");
        var device = new FakePowerSensor3(link);
        await using var meter = await OpenAsync(device);
        var firstGone = new TaskCompletionSource();
        // How much comes before the device is really gone is up to the machine; enough is counted from its return.
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var sink = new CollectingSink { Accepted = count => { if (count == 300) firstGone.TrySetResult(); } };
        var running = meter.AcquireAsync(new AcquisitionRequest([0]), sink, enough.Token);
        await firstGone.Task.WaitAsync(Token);
        await device.DisposeAsync();
        while (!sink.Events.Any(e => e.Kind == AcquisitionEventKind.Disconnected))
            await Task.Delay(10, Token);
        await using var again = new FakePowerSensor3(link);
        while (!sink.Samples.Exists(s => s.Sample.Flags.HasFlag(SampleFlags.Gap)))
            await Task.Delay(10, Token);
        await enough.CancelAsync();
        await running;

        Assert.Contains(sink.Events, e => e.Detail.Contains("the port went away", StringComparison.Ordinal));
        Assert.Contains(sink.Events, e => e.Kind == AcquisitionEventKind.Reconnected);
        Assert.Equal(1, meter.Statistics.Reconnections);
        var gap = sink.Samples.First(s => s.Sample.Flags.HasFlag(SampleFlags.Gap)).Sample;
        Assert.True(gap.Flags.HasFlag(SampleFlags.Resynchronised));
        var before = sink.Samples[sink.Samples.FindIndex(s => s.Sample == gap) - 1].Sample;
        Assert.InRange((gap.DeviceNs - before.DeviceNs) - (gap.AfterNs - before.AfterNs), -50_000_000, 50_000_000);
    }

    [Fact]
    public async Task Means_of_several_sets_span_their_time()
    {
        await using var device = new FakePowerSensor3();
        await using var meter = await OpenAsync(device, "&average=10");
        var sink = new CollectingSink(50);
        await meter.AcquireAsync(new AcquisitionRequest([0]), sink, sink.Enough);
        Assert.Equal(Amperes * Volts, meter.Traces[0].Scale.ToValue(sink.Samples[0].Sample.Code), 1e-9);
        Assert.All(sink.Samples.Zip(sink.Samples.Skip(1)), two => Assert.Equal(2_000_000, two.Second.Sample.DeviceNs - two.First.Sample.DeviceNs));
    }

    [Fact]
    public async Task A_level_at_the_end_of_its_scale_is_an_overflow()
    {
        await using var device = new FakePowerSensor3();
        device.Levels[0] = 1023;
        await using var meter = await OpenAsync(device);
        var sink = new CollectingSink(2);
        await meter.AcquireAsync(new AcquisitionRequest([0, 1]), sink, sink.Enough);
        Assert.Equal([SampleFlags.Overflow, SampleFlags.None], sink.Samples.Take(2).Select(s => s.Sample.Flags));
    }

    [Fact]
    public void Taking_a_set_allocates_nothing()
    {
        var device = new ushort[] { 884, 338, 512, 338, 0, 0, 0, 0 };
        var stream = Enumerable.Range(0, 2000).SelectMany(i => FakePowerSensor3.Set(i * 50 & 0x3FF, device, false)).ToArray();
        var sensor = new PowerSensor3Sensor("MLX10", "PCIe", 1.65f, 0.12f, true);
        var counting = new CountingSink();
        var taking = new PowerSensor3Stream(
            PowerSensor3Pair.Of([sensor, sensor, sensor, sensor]), [0, 1, 2], 1, new AcquisitionStatistics(), counting);
        taking.Take(stream.AsSpan(0, 18 * 1000), 1_000_000_000, 1_050_000_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        taking.Take(stream.AsSpan(18 * 1000), 1_050_000_000, 1_100_000_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(6000, counting.Samples);
    }

    [Fact]
    public async Task A_calibrated_device_is_trusted_to_one_percent()
    {
        await using var device = new FakePowerSensor3();
        await using var meter = await OpenAsync(device, "&calibrated=true");
        Assert.Equal(1, meter.Traces[0].Accuracy!.ReadingPercent);
    }

    [Fact]
    public async Task Another_device_is_refused()
    {
        await using var device = new FakePowerSensor3 { Version = "GRBL 1.1\r\n" };
        var failure = await Assert.ThrowsAsync<MeterException>(() => OpenAsync(device));
        Assert.Equal(MeterFailure.WrongDevice, failure.Failure);
        Assert.Contains("'GRBL 1.1'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silent_line_times_out()
    {
        using var pty = Pty.Open();
        var failure = await Assert.ThrowsAsync<LinkException>(
            () => new PowerSensor3Opener().OpenAsync(MeterUri.Parse($"serial://{pty.SlavePath}?model=powersensor3"), "gpu", Environment, Token));
        Assert.Equal(LinkFailure.TimedOut, failure.Failure);
    }

    [Fact]
    public async Task A_busy_port_says_so()
    {
        await using var device = new FakePowerSensor3();
        await using var meter = await OpenAsync(device);
        var failure = await Assert.ThrowsAsync<LinkException>(() => OpenAsync(device));
        Assert.Equal(LinkFailure.Busy, failure.Failure);
    }

    [Theory]
    [InlineData("serial:///dev/ttyACM0?model=powersensor2", "powersensor3 is one")]
    [InlineData("serial:///dev/ttyACM0?model=powersensor3&calibrated=yes", "true or false")]
    [InlineData("serial://?model=powersensor3", "device file is missing")]
    public async Task A_wrong_address_says_what_would_be_right(string uri, string expected)
    {
        var failure = await Assert.ThrowsAsync<ConfigurationException>(
            () => new PowerSensor3Opener().OpenAsync(MeterUri.Parse(uri), "gpu", Environment, Token));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    private static Task<IMeter> OpenAsync(FakePowerSensor3 device, string options = "") =>
        new PowerSensor3Opener().OpenAsync(MeterUri.Parse($"serial://{device.Pty.SlavePath}?model=powersensor3{options}"), "gpu", Environment, Token);

    private static double Value(IReadOnlyList<MeterReading> readings, string channel, Quantity quantity) =>
        readings.Single(r => r.Channel == channel && r.Quantity == quantity).Value!.Value;

    private sealed class CountingSink : ISampleSink
    {
        public int Samples { get; private set; }

        public void Accept(int trace, in RawSample sample) => Samples++;

        public void Report(AcquisitionEvent acquisitionEvent) => Assert.Fail(acquisitionEvent.Detail);
    }
}
