using System.Globalization;
using System.Net;
using System.Net.Sockets;

using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Modbus;
using MeterLab.MeterDrivers.Tests.Polling;
using MeterLab.VirtualRig.Wires;

namespace MeterLab.MeterDrivers.Tests.Modbus;

public sealed class ModbusMeterTests
{
    [Fact]
    public async Task A_negative_power_a_missing_value_and_a_small_load_are_what_they_are()
    {
        var device = Sdm630();
        device.SetSingle(0x0C, -1500.5f);
        device.SetSingle(0x0E, float.NaN);
        device.SetSingle(0x10, 20);
        await using var server = new LoopbackServer(request => [device.Answer(request)]);
        await using var meter = await OpenAsync(server);

        var readings = await meter.ReadAsync(Token);

        Assert.Equal((-1500.5, SampleFlags.None), Power("l1"));
        Assert.Equal((null, SampleFlags.NotAvailable), Power("l2"));
        Assert.Equal((20, SampleFlags.BelowMinimumLoad), Power("l3"));
        var energy = readings.Single(r => r.Channel == "total" && r.Quantity == Quantity.EnergyImport);
        Assert.Equal(12.5 * 3.6e6, energy.Value);
        Assert.Equal(1500.5 * 0.01 / Math.Sqrt(3), readings.Single(r => r.Channel == "l1" && r.Quantity == Quantity.ActivePower).StandardUncertainty!.Value, 1e-9);

        (double?, SampleFlags) Power(string channel)
        {
            var reading = readings.Single(r => r.Channel == channel && r.Quantity == Quantity.ActivePower);
            return (reading.Value, reading.Flags);
        }
    }

    [Fact]
    public async Task A_stranger_is_refused_and_an_unwired_input_is_not()
    {
        var device = Sdm630();
        await using var server = new LoopbackServer(request => [device.Answer(request)]);
        await using var meter = await OpenAsync(server);
        Assert.Equal("Eastron", (await meter.IdentifyAsync(Token)).Vendor);

        device.SetSingle(0, 0);
        Assert.Equal("Eastron", (await meter.IdentifyAsync(Token)).Vendor);

        // 230.5 with its words swapped.
        (device.Registers[0], device.Registers[1]) = (0x8000, 0x4366);
        var error = await Assert.ThrowsAsync<MeterException>(() => meter.IdentifyAsync(Token));
        Assert.Equal(MeterFailure.WrongDevice, error.Failure);
        Assert.Contains("80 to 280 V is right", error.Message, StringComparison.Ordinal);

        await using var swapped = await OpenAsync(server, "&word-order=CDAB");
        Assert.Equal("Eastron", (await swapped.IdentifyAsync(Token)).Vendor);
    }

    [Fact]
    public async Task Traces_are_power_and_energy_with_all_that_explains_them()
    {
        var device = Sdm630();
        await using var server = new LoopbackServer(request => [device.Answer(request)]);
        await using var meter = await OpenAsync(server);

        var trace = meter.Traces[0];

        Assert.Equal(("wall/total", Quantity.ActivePower), (trace.Channel.ToString(), trace.Quantity));
        Assert.Equal(new Float32Scale(1), trace.Scale);
        Assert.Equal(0.1, trace.Resolution);
        Assert.Equal(1.0, trace.Accuracy!.ReadingPercent);
        Assert.InRange(trace.IntervalSeconds, 0.2, 0.5);
        Assert.Equal(new Float32Scale(3.6e6), meter.Traces.Single(t => t.Channel.Channel == "total" && t.Quantity == Quantity.EnergyImport).Scale);
        Assert.All(meter.Traces, t => Assert.Contains(t.Quantity, new[] { Quantity.ActivePower, Quantity.EnergyImport, Quantity.EnergyExport }));
    }

    [Fact]
    public async Task Two_meters_behind_one_gateway_share_a_connection_that_the_last_one_closes()
    {
        var first = Sdm630(1, 100);
        var second = Sdm630(2, 200);
        await using var server = new LoopbackServer(request => [request[6] == 1 ? first.Answer(request) : second.Answer(request)]);
        var opener = new ModbusOpener();
        var meters = new[] { await OpenAsync(server, opener: opener, unit: 1), await OpenAsync(server, opener: opener, unit: 2) };

        var powers = await Task.WhenAll(meters.Select(async meter =>
        {
            var values = new HashSet<double?>();
            for (var i = 0; i < 10; i++)
                values.Add((await meter.ReadAsync(Token)).Single(r => r.Channel == "total" && r.Quantity == Quantity.ActivePower).Value);
            return Assert.Single(values);
        }));

        Assert.Equal([100, 200], powers);
        Assert.Equal(1, server.Connections);
        await meters[0].DisposeAsync();
        await meters[0].DisposeAsync();
        Assert.Equal(200, (await meters[1].ReadAsync(Token)).Single(r => r.Channel == "total" && r.Quantity == Quantity.ActivePower).Value);
        await meters[1].DisposeAsync();
        await using var again = await OpenAsync(server, opener: opener);
        // A connection stands before the server has taken and counted it; an answer shows that it has.
        await again.ReadAsync(Token);
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task A_connection_that_breaks_in_mid_answer_is_reopened_and_the_gap_shows()
    {
        var device = Sdm630();
        var requests = 0;
        await using var server = new LoopbackServer(request => Interlocked.Increment(ref requests) switch
        {
            3 => [device.Answer(request)[..4]],
            4 => null,
            _ => [device.Answer(request)],
        });
        await using var meter = await OpenAsync(server, "&timeout=300ms");
        var sink = new CollectingSink();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var acquisition = meter.AcquireAsync(new AcquisitionRequest([0], TimeSpan.FromMilliseconds(20)), sink, stop.Token);
        while (sink.Samples.Count < 8 && !acquisition.IsCompleted)
            await Task.Delay(20, Token);
        await stop.CancelAsync();
        await acquisition;

        Assert.True(meter.Statistics.Lost >= 1);
        Assert.Equal((1, 1), (meter.Statistics.Retries, meter.Statistics.Reconnections));
        Assert.Equal(2, server.Connections);
        Assert.Equal(
            [SampleFlags.None, SampleFlags.None, SampleFlags.Gap, SampleFlags.None],
            sink.Samples.Take(4).Select(s => s.Sample.Flags));
        Assert.Contains(sink.Events, e => e.Kind == AcquisitionEventKind.Disconnected && e.Detail.Contains("closed the connection", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_counter_that_runs_backwards_is_flagged()
    {
        var device = Sdm630();
        var requests = 0;
        await using var server = new LoopbackServer(request =>
        {
            device.SetSingle(0x48, ++requests == 3 ? 1 : 12.5f + requests);
            return [device.Answer(request)];
        });
        await using var meter = await OpenAsync(server);
        var energy = meter.Traces.ToList().FindIndex(t => t.Quantity == Quantity.EnergyImport);
        var sink = new CollectingSink();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var acquisition = meter.AcquireAsync(new AcquisitionRequest([energy], TimeSpan.FromMilliseconds(20)), sink, stop.Token);
        while (sink.Samples.Count < 4 && !acquisition.IsCompleted)
            await Task.Delay(20, Token);
        await stop.CancelAsync();
        await acquisition;

        Assert.Equal(
            [SampleFlags.None, SampleFlags.None, SampleFlags.CounterReset, SampleFlags.None], sink.Samples.Take(4).Select(s => s.Sample.Flags));
    }

    [Fact]
    public async Task Serial_frames_through_a_gateway_are_read()
    {
        var device = new RegisterDevice { Rtu = true, Unit = 9 };
        device.SetSingle(0x0C, 42.5f);
        await using var server = new LoopbackServer(request => [device.Answer(request)], rtu: true);
        var uri = string.Create(CultureInfo.InvariantCulture, $"modbus-rtu-tcp://127.0.0.1:{server.Port}/9?model=eastron-sdm120&timeout=5s");
        await using var meter = await new ModbusOpener().OpenAsync(MeterUri.Parse(uri), "wall", Shipped.Environment, Token);

        var readings = await meter.ReadAsync(Token);

        Assert.Equal(42.5, readings.Single(r => r.Channel == "total" && r.Quantity == Quantity.ActivePower).Value);
    }

    [Fact]
    public async Task Meters_on_one_line_must_agree_about_it()
    {
        using var pty = Pty.Open();
        var opener = new ModbusOpener();
        await using var first = await opener.OpenAsync(
            MeterUri.Parse($"modbus-rtu://{pty.SlavePath}/1?model=eastron-sdm630"), "one", Shipped.Environment, Token);

        var error = await Assert.ThrowsAsync<ConfigurationException>(() => opener.OpenAsync(
            MeterUri.Parse($"modbus-rtu://{pty.SlavePath}/2?model=eastron-sdm120"), "two", Shipped.Environment, Token));
        Assert.Contains("must agree", error.Message, StringComparison.Ordinal);
        await using var second = await opener.OpenAsync(
            MeterUri.Parse($"modbus-rtu://{pty.SlavePath}/2?model=eastron-sdm120&baud=9600"), "two", Shipped.Environment, Token);
    }

    [Fact]
    public async Task A_refused_connection_says_what_to_look_at()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        var port = ((IPEndPoint)socket.LocalEndpoint).Port;
        socket.Stop();
        var uri = MeterUri.Parse(string.Create(CultureInfo.InvariantCulture, $"modbus-tcp://127.0.0.1:{port}/1?model=eastron-sdm630"));

        var error = await Assert.ThrowsAsync<LinkException>(() => new ModbusOpener().OpenAsync(uri, "wall", Shipped.Environment, Token));

        Assert.Equal(LinkFailure.Unreachable, error.Failure);
        Assert.Contains("refuses the connection", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("modbus-tcp://127.0.0.1/1", "the model is missing")]
    [InlineData("modbus-tcp://127.0.0.1?model=eastron-sdm630", "the unit is missing")]
    [InlineData("modbus-tcp://127.0.0.1/256?model=eastron-sdm630", "from 0 to 255")]
    [InlineData("modbus-tcp:///1?model=eastron-sdm630", "not of the form")]
    [InlineData("modbus-rtu:///dev/ttyUSB0/248?model=eastron-sdm630", "from 1 to 247")]
    [InlineData("modbus-rtu://ttyUSB0/1?model=eastron-sdm630", "not of the form")]
    [InlineData("modbus-rtu-tcp://127.0.0.1/1?model=eastron-sdm630", "the port is missing")]
    [InlineData("modbus-tcp://127.0.0.1/1?model=eastron-sdm639", "did you mean 'eastron-sdm630'?")]
    [InlineData("modbus-tcp://127.0.0.1/1?model=eastron-sdm630&timout=1s", "did you mean 'timeout'?")]
    [InlineData("modbus-tcp://127.0.0.1/1?model=eastron-sdm630&timeout=1", "has no unit")]
    [InlineData("modbus-tcp://127.0.0.1/1?model=eastron-sdm630&word-order=abcd", "ABCD, CDAB")]
    [InlineData("modbus-rtu:///dev/ttyUSB0/1?model=netio-powerpdu-4c", "it speaks modbus-tcp")]
    [InlineData("modbus-rtu:///dev/ttyUSB0/1?model=eastron-sdm630&parity=some", "parity")]
    public async Task A_wrong_address_says_what_would_be_right(string address, string hint)
    {
        var error = await Assert.ThrowsAsync<ConfigurationException>(
            () => new ModbusOpener().OpenAsync(MeterUri.Parse(address), "wall", Shipped.Environment, Token));

        Assert.Contains(hint, error.Message, StringComparison.Ordinal);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static RegisterDevice Sdm630(byte unit = 1, float power = 500)
    {
        var device = new RegisterDevice { Unit = unit };
        device.SetSingle(0, 230.5f);
        device.SetSingle(0x34, power);
        device.SetSingle(0x48, 12.5f);
        return device;
    }

    private static Task<IMeter> OpenAsync(LoopbackServer server, string options = "", ModbusOpener? opener = null, int unit = 1)
    {
        var uri = string.Create(CultureInfo.InvariantCulture, $"modbus-tcp://127.0.0.1:{server.Port}/{unit}?model=eastron-sdm630{options}");
        return (opener ?? new ModbusOpener()).OpenAsync(MeterUri.Parse(uri), "wall", Shipped.Environment, Token);
    }
}
