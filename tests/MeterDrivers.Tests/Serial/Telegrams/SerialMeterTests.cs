using System.Globalization;
using System.Text;

using MeterLab.Measurement;
using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Serial;
using MeterLab.MeterDrivers.Tests.Polling;
using MeterLab.VirtualRig.Wires;

namespace MeterLab.MeterDrivers.Tests.Serial.Telegrams;

/// <summary>Each serial meter over a pseudo terminal, as its simulator answers or pushes.</summary>
public sealed class SerialMeterTests
{
    private static readonly MeterEnvironment Environment = new() { Clock = new SystemHostClock(), ProfileDirectory = "." };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Models => new()
    {
        { "dsmr-p1", "l1 active-power -1250; l1 current 1; l1 voltage 230.1; total active-power 193; total energy-export 1800000; total energy-import 44448040800" },
        { "sml", "l1 voltage 230.6; total active-power -123.4; total energy-import 18000360" },
        { "watts-up-pro", "total active-power 12.4; total apparent-power 11.6; total current 0.097; total energy-import 0; total frequency 60; total power-factor 1; total voltage 119.1" },
        { "powerspy2", "total active-power 171.14; total current 0.78317; total voltage 230.702" },
        { "mcp39f511n", "ch1 active-power 1.5; ch2 active-power 100" },
        { "mcp39f501", "total active-power 143.94; total apparent-power 144.83; total current 0.635; total frequency 50.842; total power-factor 0.993835; total reactive-power 1.02; total voltage 229" },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public async Task A_meter_is_read_and_recorded_in_SI_units(string model, string expected)
    {
        await using var device = new SerialDevice(model);
        await using var meter = await OpenAsync(device, model);

        var readings = await meter.ReadAsync(Token);
        var sink = await RecordAsync(meter, 3);

        Assert.Equal(expected, string.Join("; ", readings.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Channel} {QuantityNames.NameOf(r.Quantity)} {Round(r)}")).Order(StringComparer.Ordinal)));
        var power = readings.First(r => r.Channel == meter.Traces[0].Channel.Channel && r.Quantity == meter.Traces[0].Quantity);
        Assert.All(sink.Samples, s => Assert.Equal(power.Value!.Value, meter.Traces[0].Scale.ToValue(s.Sample.Code)));
        Assert.All(sink.Samples, s => Assert.True(s.Sample.BeforeNs < s.Sample.AfterNs));
        Assert.Equal(0, meter.Statistics.Lost);
        Assert.Equal(model == "powerspy2" ? "0001" : null, (await meter.IdentifyAsync(Token)).Serial);
    }

    [Theory]
    [InlineData("dsmr-p1")]
    [InlineData("sml")]
    [InlineData("watts-up-pro")]
    [InlineData("powerspy2")]
    public async Task A_damaged_telegram_is_given_up_counted_and_flagged(string model)
    {
        await using var device = new SerialDevice(model);
        await using var meter = await OpenAsync(device, model);
        var sink = new CollectingSink();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var acquisition = meter.AcquireAsync(new AcquisitionRequest([0]), sink, stop.Token);
        await UntilAsync(() => sink.Samples.Count >= 2, acquisition);
        device.CutNext = 3;
        await UntilAsync(() => meter.Statistics.Resynchronisations > 0, acquisition);
        var have = sink.Samples.Count;
        await UntilAsync(() => sink.Samples.Count >= have + 2, acquisition);
        await stop.CancelAsync();
        await acquisition;

        Assert.True(meter.Statistics.Lost >= 1);
        Assert.Contains(sink.Samples, s => s.Sample.Flags == (SampleFlags.Gap | SampleFlags.Resynchronised));
        Assert.Single(sink.Samples.Select(s => s.Sample.Code).Distinct());
    }

    [Theory]
    [InlineData("dsmr-p1")]
    [InlineData("watts-up-pro")]
    [InlineData("powerspy2")]
    [InlineData("mcp39f511n")]
    public async Task A_device_unplugged_and_plugged_in_again_goes_on_with_a_gap(string model)
    {
        var link = Path.Combine(Path.GetTempPath(), $"meterlab-serial-{Guid.NewGuid():N}");
        var first = new SerialDevice(model, link);
        await using var meter = await OpenAsync(first, model);
        var sink = new CollectingSink();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var acquisition = meter.AcquireAsync(new AcquisitionRequest([0]), sink, stop.Token);
        await UntilAsync(() => sink.Samples.Count >= 2, acquisition);
        await first.DisposeAsync();
        await UntilAsync(() => sink.Events.Any(e => e.Kind == AcquisitionEventKind.Disconnected), acquisition);
        await using var second = new SerialDevice(model, link);
        await UntilAsync(() => meter.Statistics.Reconnections > 0 && sink.Samples.Any(s => s.Sample.Flags.HasFlag(SampleFlags.Gap)), acquisition);
        await stop.CancelAsync();
        await acquisition;

        Assert.Single(sink.Samples.Select(s => s.Sample.Code).Distinct());
    }

    [Fact]
    public async Task Another_device_in_its_place_is_refused_however_often_it_is_tried()
    {
        var link = Path.Combine(Path.GetTempPath(), $"meterlab-serial-{Guid.NewGuid():N}");
        var first = new SerialDevice("powerspy2", link);
        await using var meter = await OpenAsync(first, "powerspy2");
        var sink = new CollectingSink();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var acquisition = meter.AcquireAsync(new AcquisitionRequest([0]), sink, stop.Token);
        await UntilAsync(() => sink.Samples.Count >= 2, acquisition);
        await first.DisposeAsync();
        await UntilAsync(() => sink.Events.Any(e => e.Kind == AcquisitionEventKind.Disconnected), acquisition);
        var have = sink.Samples.Count;
        var stranger = new SerialDevice("powerspy2", link) { Serial = "0002" };
        await UntilAsync(() => stranger.Identifications >= 3, acquisition);
        await stranger.DisposeAsync();

        Assert.Contains(sink.Events, e => e.Detail.Contains("another device came back", StringComparison.Ordinal));
        Assert.Equal((have, 0L), (sink.Samples.Count, meter.Statistics.Reconnections));

        await using var own = new SerialDevice("powerspy2", link);
        await UntilAsync(() => sink.Samples.Count > have, acquisition);
        await stop.CancelAsync();
        await acquisition;
        Assert.Equal(1, meter.Statistics.Reconnections);
    }

    [Fact]
    public async Task A_power_monitor_that_comes_back_with_another_range_gives_no_watts()
    {
        var link = Path.Combine(Path.GetTempPath(), $"meterlab-serial-{Guid.NewGuid():N}");
        var first = new SerialDevice("mcp39f511n", link);
        await using var meter = await OpenAsync(first, "mcp39f511n");
        var sink = new CollectingSink();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var acquisition = meter.AcquireAsync(new AcquisitionRequest([0], TimeSpan.FromMilliseconds(20)), sink, stop.Token);
        await UntilAsync(() => sink.Samples.Count >= 2, acquisition);
        await first.DisposeAsync();
        await UntilAsync(() => sink.Events.Any(e => e.Kind == AcquisitionEventKind.Disconnected), acquisition);
        var have = sink.Samples.Count;
        // What was set without being saved is gone with the supply: a count is 10 mW / 8192 now.
        await using var second = new SerialDevice("mcp39f511n", link) { FirstRange = 6 };
        await UntilAsync(() => sink.Events.Any(e => e.Detail.Contains("its counts mean something else now", StringComparison.Ordinal)), acquisition);
        await stop.CancelAsync();
        await acquisition;

        Assert.Equal((have, 0L), (sink.Samples.Count, meter.Statistics.Reconnections));
    }

    [Theory]
    [InlineData("silent", LinkFailure.TimedOut)]
    [InlineData("short", LinkFailure.Corrupt)]
    [InlineData("garbage", LinkFailure.Corrupt)]
    [InlineData("sum", LinkFailure.Corrupt)]
    public async Task A_power_monitor_that_answers_wrongly_is_told_and_read_again(string fault, LinkFailure expected)
    {
        await using var device = new SerialDevice("mcp39f501");
        await using var meter = await OpenAsync(device, "mcp39f501");

        device.Fault = fault;
        var failure = await Assert.ThrowsAsync<LinkException>(() => meter.ReadAsync(Token));
        device.Fault = null;

        Assert.Equal(expected, failure.Failure);
        Assert.Contains(await meter.ReadAsync(Token), r => r.Quantity == Quantity.ActivePower && Math.Abs(r.Value!.Value - 143.94) < 1e-9);
    }

    [Fact]
    public async Task An_accumulation_of_one_cycle_is_refused_because_its_powers_are_wrong()
    {
        await using var device = new SerialDevice("mcp39f511n") { Interval = 0 };

        var failure = await Assert.ThrowsAsync<MeterException>(() => OpenAsync(device, "mcp39f511n"));

        Assert.Contains("accumulation interval", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_model_is_told_with_the_nearest_one()
    {
        var failure = await Assert.ThrowsAsync<ConfigurationException>(
            () => new SerialOpener().OpenAsync(MeterUri.Parse("serial:///dev/null?model=powerspy"), "m", Environment, Token));

        Assert.Contains("did you mean 'powerspy2'?", failure.Message, StringComparison.Ordinal);
    }

    private static string Round(MeterReading reading) => reading.Value!.Value.ToString(Math.Abs(reading.Value.Value) < 1 ? "G5" : "G6", CultureInfo.InvariantCulture) is { } text && text.Contains('E', StringComparison.Ordinal)
        ? reading.Value.Value.ToString("F0", CultureInfo.InvariantCulture)
        : Math.Round(reading.Value.Value, reading.Quantity == Quantity.PowerFactor ? 6 : reading.Quantity == Quantity.Current ? 5 : 3).ToString(CultureInfo.InvariantCulture);

    private static async Task<CollectingSink> RecordAsync(IMeter meter, int samples)
    {
        var sink = new CollectingSink();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var acquisition = meter.AcquireAsync(new AcquisitionRequest([0]), sink, stop.Token);
        await UntilAsync(() => sink.Samples.Count >= samples, acquisition);
        await stop.CancelAsync();
        await acquisition;
        return sink;
    }

    private static async Task UntilAsync(Func<bool> condition, Task acquisition)
    {
        for (var i = 0; i < 3000 && !condition(); i++)
        {
            Assert.False(acquisition.IsCompleted, acquisition.Exception?.ToString() ?? "the acquisition ended");
            await Task.Delay(10, Token);
        }

        Assert.True(condition());
    }

    private static Task<IMeter> OpenAsync(SerialDevice device, string model) =>
        new SerialOpener().OpenAsync(MeterUri.Parse($"serial://{device.Path}?model={model}"), "m", Environment, Token);
}
