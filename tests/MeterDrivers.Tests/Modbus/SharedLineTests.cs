using System.Globalization;

using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Links;
using MeterLab.MeterDrivers.Modbus;
using MeterLab.MeterDrivers.Tests.Polling;
using MeterLab.VirtualRig.Wires;

namespace MeterLab.MeterDrivers.Tests.Modbus;

/// <summary>Several meters on one line: one that is dead, one whose answer comes late, and a line that goes away and comes back.</summary>
public sealed class SharedLineTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dead_meter_backs_off_and_the_other_goes_on_over_the_same_connection()
    {
        var devices = new[] { new RegisterDevice { Rtu = true, Unit = 1 }, new RegisterDevice { Rtu = true, Unit = 2 } };
        var alive = false;
        foreach (var device in devices)
            device.SetSingle(0x34, 1000 * device.Unit);
        await using var server = new LoopbackServer(
            request => request[0] == 1 && !Volatile.Read(ref alive) ? [] : [devices[request[0] - 1].Answer(request)], rtu: true);
        var opener = new ModbusOpener();
        await using var dead = await OpenAsync(opener, server, 1);
        await using var living = await OpenAsync(opener, server, 2);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var (deadSink, sink) = (new CollectingSink(), new CollectingSink());

        var work = new[] { RecordAsync(dead, deadSink, stop.Token), RecordAsync(living, sink, stop.Token) };
        await UntilAsync(() => dead.Statistics.BackOffs >= 2 && sink.Samples.Count >= 20, work);
        Assert.Empty(deadSink.Samples);
        Volatile.Write(ref alive, true);
        await UntilAsync(() => deadSink.Samples.Count >= 2, work);
        await stop.CancelAsync();
        await Task.WhenAll(work);

        Assert.True(dead.Statistics.Timeouts > dead.Statistics.Retries && dead.Statistics.Lost >= 3);
        Assert.Equal((0L, 0L), (living.Statistics.Lost, living.Statistics.Reconnections));
        Assert.Equal(0, dead.Statistics.Reconnections);
        Assert.Equal(1, server.Connections);
        Assert.All(sink.Samples, s => Assert.Equal(2000, living.Traces[0].Scale.ToValue(s.Sample.Code)));
        Assert.All(deadSink.Samples, s => Assert.Equal(1000, dead.Traces[0].Scale.ToValue(s.Sample.Code)));
        Assert.Equal(SampleFlags.Gap, deadSink.Samples[0].Sample.Flags & SampleFlags.Gap);
        Assert.Equal(SampleFlags.None, deadSink.Samples[1].Sample.Flags & SampleFlags.Gap);
    }

    [Fact]
    public async Task A_serial_line_that_comes_back_under_another_number_is_found_again()
    {
        var link = Path.Combine(Path.GetTempPath(), $"meterlab-line-{Guid.NewGuid():N}");
        var opener = new ModbusOpener();
        using var first = Pty.Open(link);
        var target = File.ResolveLinkTarget(link, returnFinalTarget: true)!.FullName;
        var serving = ServeAsync(first);
        var meters = new List<IMeter>();
        var sinks = new[] { new CollectingSink(), new CollectingSink() };
        for (var unit = 1; unit <= 2; unit++)
            meters.Add(await opener.OpenAsync(MeterUri.Parse($"modbus-rtu://{link}/{unit}?model=eastron-sdm630&timeout=1s"), $"m{unit}", Shipped.Environment, Token));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var work = meters.Zip(sinks, (meter, sink) => RecordAsync(meter, sink, stop.Token)).ToArray();
        await UntilAsync(() => sinks.All(sink => sink.Samples.Count >= 3), work);
        first.HangUp();
        await serving;
        using var filler = Pty.Open();
        using var second = Pty.Open(link);
        Assert.NotEqual(target, File.ResolveLinkTarget(link, returnFinalTarget: true)!.FullName);
        serving = ServeAsync(second);
        var before = sinks.Select(sink => sink.Samples.Count).ToArray();
        await UntilAsync(() => sinks.Zip(before).All(pair => pair.First.Samples.Count >= pair.Second + 4), work);
        await stop.CancelAsync();
        await Task.WhenAll(work);
        foreach (var meter in meters)
            await meter.DisposeAsync();
        second.HangUp();
        await serving;

        Assert.All(meters, meter => Assert.True(meter.Statistics.Lost >= 1 && meter.Statistics.Reconnections >= 1));
        Assert.All(sinks, sink => Assert.Single(sink.Samples, s => (s.Sample.Flags & SampleFlags.Gap) != 0));
        Assert.All(sinks, sink => Assert.Contains(sink.Events, e => e.Kind == AcquisitionEventKind.Disconnected));
        Assert.All(sinks.SelectMany((sink, i) => sink.Samples.Select(s => (Unit: i + 1, s.Sample.Code))),
            s => Assert.Equal(1000f * s.Unit, BitConverter.Int32BitsToSingle((int)s.Code)));
    }

    [Fact]
    public async Task A_late_answer_of_one_unit_is_not_another_units()
    {
        var one = new RegisterDevice { Rtu = true, Unit = 1 };
        var two = new RegisterDevice { Rtu = true, Unit = 2 };
        one.SetSingle(0, 1);
        two.SetSingle(0, 2);
        byte[] late = [];
        await using var bus = Bus(new ScriptedLink(request =>
        {
            if (request[0] == 1)
            {
                late = one.Answer(request);
                return [];
            }

            return [[.. late, .. two.Answer(request)]];
        }));
        await bus.EnsureOpenAsync(Token);
        var registers = new ushort[2];
        var timeout = TimeSpan.FromMilliseconds(100);

        await Assert.ThrowsAsync<LinkException>(async () => await new ModbusClient(bus, 1, timeout, TimeSpan.Zero).ReadInputRegistersAsync(0, registers, Token));
        await new ModbusClient(bus, 2, TimeSpan.FromSeconds(10), TimeSpan.Zero).ReadInputRegistersAsync(0, registers, Token);

        Assert.Equal([0x4000, 0], registers);
        Assert.Equal(1, bus.LateReplies);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_echo_is_taken_off_and_a_changed_one_is_told(bool right)
    {
        var device = new RegisterDevice { Rtu = true };
        device.SetSingle(0, 230.5f);
        await using var bus = Bus(
            new ScriptedLink(request =>
            {
                byte[] echo = [.. request];
                echo[2] ^= (byte)(right ? 0 : 4);
                return [echo[..3], [.. echo[3..], .. device.Answer(request)]];
            }),
            echo: true);
        await bus.EnsureOpenAsync(Token);
        var registers = new ushort[2];
        var client = new ModbusClient(bus, 1, TimeSpan.FromSeconds(10), TimeSpan.Zero);

        if (right)
        {
            await client.ReadInputRegistersAsync(0, registers, Token);
            Assert.Equal([0x4366, 0x8000], registers);
            return;
        }

        var error = await Assert.ThrowsAsync<LinkException>(async () => await client.ReadInputRegistersAsync(0, registers, Token));
        Assert.Equal(LinkFailure.Corrupt, error.Failure);
        Assert.Contains("echo", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Meters_on_one_line_must_agree_about_its_echo()
    {
        await using var server = new LoopbackServer(_ => [], rtu: true);
        var opener = new ModbusOpener();
        await using var first = await OpenAsync(opener, server, 1);

        var error = await Assert.ThrowsAsync<Measurement.ConfigurationException>(() => OpenAsync(opener, server, 2, "&echo=on"));

        Assert.Contains("must agree", error.Message, StringComparison.Ordinal);
    }

    private static ModbusBus Bus(IByteLink link, bool echo = false) => new(
        new ModbusBusSettings("lab", new RtuCodec(), new SerialSettings(9600), false, _ => ValueTask.FromResult(link)) { Echo = echo },
        new SystemHostClock(), TimeProvider.System);

    private static Task<IMeter> OpenAsync(ModbusOpener opener, LoopbackServer server, int unit, string options = "")
    {
        var uri = string.Create(CultureInfo.InvariantCulture, $"modbus-rtu-tcp://127.0.0.1:{server.Port}/{unit}?model=eastron-sdm630&timeout=500ms{options}");
        return opener.OpenAsync(MeterUri.Parse(uri), "wall", Shipped.Environment, Token);
    }

    private static Task RecordAsync(IMeter meter, CollectingSink sink, CancellationToken token)
    {
        Assert.Equal(("total", Quantity.ActivePower), (meter.Traces[0].Channel.Channel, meter.Traces[0].Quantity));
        return meter.AcquireAsync(new AcquisitionRequest([0], TimeSpan.FromMilliseconds(10)), sink, token);
    }

    private static async Task UntilAsync(Func<bool> reached, Task[] work)
    {
        var patience = TimeProvider.System.GetTimestamp();
        while (!reached() && !work.Any(task => task.IsCompleted))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromSeconds(60), "it never came so far");
            await Task.Delay(10, Token);
        }
    }

    // Two meters behind one terminal; ends when it is hung up.
    private static async Task ServeAsync(Pty pty)
    {
        var devices = new[] { new RegisterDevice { Rtu = true, Unit = 1 }, new RegisterDevice { Rtu = true, Unit = 2 } };
        foreach (var device in devices)
            device.SetSingle(0x34, 1000 * device.Unit);
        var request = new byte[8];
        var have = 0;
        while (await pty.ReadAsync(request.AsMemory(have), CancellationToken.None) is > 0 and var count)
        {
            have += count;
            if (have < request.Length)
                continue;
            have = 0;
            if (!await pty.WriteAsync(devices[request[0] - 1].Answer([.. request]), CancellationToken.None))
                return;
        }
    }
}
