using System.Globalization;

using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Modbus;
using MeterLab.MeterDrivers.Tests.Polling;

namespace MeterLab.MeterDrivers.Tests.Modbus;

/// <summary>Strangers and meters that are set so that their figures mislead are refused; values that are none are not taken for some.</summary>
public sealed class IdentificationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_meter_whose_setting_hides_the_direction_of_power_is_refused_unless_its_user_says_so()
    {
        var device = Gavazzi(code: 340, mode: 0);
        await using var server = new LoopbackServer(request => [device.Answer(request)]);

        var error = await Assert.ThrowsAsync<MeterException>(async () => await IdentifyAsync(server, "carlo-gavazzi-em340"));
        Assert.Equal(MeterFailure.WrongSettings, error.Failure);
        Assert.Contains("set mode B", error.Message, StringComparison.Ordinal);
        Assert.Contains("wrong-settings=accept", error.Message, StringComparison.Ordinal);

        await IdentifyAsync(server, "carlo-gavazzi-em340", "&wrong-settings=accept");
        device.Registers[0x1103] = 1;
        Assert.Equal("carlo-gavazzi-em340", (await IdentifyAsync(server, "carlo-gavazzi-em340")).Model);
    }

    [Theory]
    [InlineData(340, true)]
    [InlineData(330, true)]
    [InlineData(338, false)]
    [InlineData(348, false)]
    [InlineData(71, false)]
    [InlineData(0, false)]
    public async Task A_meter_is_known_by_the_number_of_its_model(int code, bool right)
    {
        var device = Gavazzi((ushort)code, mode: 1);
        await using var server = new LoopbackServer(request => [device.Answer(request)]);

        var identify = async () => await IdentifyAsync(server, "carlo-gavazzi-em340");

        if (right)
            await identify();
        else
            Assert.Equal(MeterFailure.WrongDevice, (await Assert.ThrowsAsync<MeterException>(identify)).Failure);
    }

    [Fact]
    public async Task Words_that_mean_no_value_are_none_and_what_flows_back_is_negative()
    {
        var device = Gavazzi(340, mode: 1);
        SetLowWordFirst(device, 0x28, -15005);
        SetLowWordFirst(device, 0x12, 0x7FFF0000);
        SetLowWordFirst(device, 0x14, int.MaxValue);
        SetLowWordFirst(device, 0x16, 0x7FFEFFFF);
        device.Registers[0x31] = 0x7FFF;
        device.Registers[0x33] = 0xFFFF;
        await using var server = new LoopbackServer(request => [device.Answer(request)]);
        await using var meter = await OpenAsync(server, "carlo-gavazzi-em340");

        var readings = (await meter.ReadAsync(Token)).ToDictionary(r => (r.Channel, r.Quantity));

        Assert.Equal(-1500.5, readings[("total", Quantity.ActivePower)].Value!.Value, 1e-9);
        Assert.Equal((null, SampleFlags.NotAvailable), Of("l1", Quantity.ActivePower));
        Assert.Equal((null, SampleFlags.NotAvailable), Of("l2", Quantity.ActivePower));
        Assert.NotNull(readings[("l3", Quantity.ActivePower)].Value);
        Assert.Equal((null, SampleFlags.NotAvailable), Of("total", Quantity.PowerFactor));
        Assert.Equal((null, SampleFlags.NotAvailable), Of("total", Quantity.Frequency));

        (double?, SampleFlags) Of(string channel, Quantity quantity) => (readings[(channel, quantity)].Value, readings[(channel, quantity)].Flags);
    }

    [Theory]
    [InlineData("a wrap", 4_294_967_290u, 5u)]
    [InlineData("a reset", 1_000_000u, 0u)]
    public async Task A_counter_that_starts_again_is_flagged_and_nothing_is_dropped(string what, uint before, uint after)
    {
        Assert.NotEmpty(what);
        var device = new RegisterDevice();
        var requests = 0;
        await using var server = new LoopbackServer(request =>
        {
            var count = ++requests < 4 ? before + (uint)requests : after + (uint)requests;
            (device.Registers[5], device.Registers[6]) = ((ushort)count, (ushort)(count >> 16));
            return [device.Answer(request)];
        });
        await using var meter = await OpenAsync(server, "pzem-016");
        var energy = meter.Traces.ToList().FindIndex(t => t.Quantity == Quantity.EnergyImport);
        var sink = new CollectingSink();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var acquisition = meter.AcquireAsync(new AcquisitionRequest([energy], TimeSpan.FromMilliseconds(5)), sink, stop.Token);
        while (sink.Samples.Count < 6 && !acquisition.IsCompleted)
            await Task.Delay(10, Token);
        await stop.CancelAsync();
        await acquisition;

        Assert.Equal(
            [before + 1, before + 2, before + 3, after + 4, after + 5, after + 6], sink.Samples.Take(6).Select(s => (long)s.Sample.Code));
        Assert.Equal([3], sink.Samples.Take(6).Index().Where(s => s.Item.Sample.Flags == SampleFlags.CounterReset).Select(s => s.Index));
    }

    [Fact]
    public async Task A_general_unit_number_is_allowed_only_where_the_model_has_one()
    {
        var device = new RegisterDevice { Unit = 248, Rtu = true };
        device.Registers[0] = 2301;
        await using var server = new LoopbackServer(request => [device.Answer(request)], rtu: true);
        var address = string.Create(CultureInfo.InvariantCulture, $"modbus-rtu-tcp://127.0.0.1:{server.Port}/248?timeout=5s&model=");

        await using var meter = await new ModbusOpener().OpenAsync(MeterUri.Parse(address + "pzem-004t-v3"), "wall", Shipped.Environment, Token);
        Assert.Equal(230.1, (await meter.ReadAsync(Token)).Single(r => r.Quantity == Quantity.Voltage).Value!.Value, 1e-9);
        await Assert.ThrowsAsync<ConfigurationException>(() => new ModbusOpener().OpenAsync(MeterUri.Parse(address + "eastron-sdm630"), "wall", Shipped.Environment, Token));
    }

    [Theory]
    [InlineData("netio-powerpdu-8qs", "&outlets=0", "outlets: a whole number from 1 to 128")]
    [InlineData("raritan-xerus", "&outlet-base=0x10000", "a register's address")]
    [InlineData("raritan-xerus", "&outlets=3", "unknown option 'outlets'")]
    [InlineData("eastron-sdm630", "&in-flight=17", "in-flight: a whole number from 1 to 16")]
    [InlineData("eastron-sdm630", "&retries=-1", "retries: a whole number from 0 to 10")]
    [InlineData("eastron-sdm630", "&wrong-settings=yes", "refuse or accept")]
    public async Task A_wrong_option_says_what_would_be_right(string model, string options, string hint)
    {
        await using var server = new LoopbackServer(_ => []);

        var error = await Assert.ThrowsAsync<ConfigurationException>(() => OpenAsync(server, model, options));

        Assert.Contains(hint, error.Message, StringComparison.Ordinal);
    }

    private static RegisterDevice Gavazzi(ushort code, ushort mode)
    {
        var device = new RegisterDevice();
        device.Registers[0x0B] = code;
        device.Registers[0x1103] = mode;
        SetLowWordFirst(device, 0, 2305);
        return device;
    }

    private static void SetLowWordFirst(RegisterDevice device, int address, int value) =>
        (device.Registers[address], device.Registers[address + 1]) = ((ushort)value, (ushort)(value >> 16));

    private static async Task<MeterIdentity> IdentifyAsync(LoopbackServer server, string model, string options = "")
    {
        await using var meter = await OpenAsync(server, model, options);
        return await meter.IdentifyAsync(Token);
    }

    private static Task<IMeter> OpenAsync(LoopbackServer server, string model, string options = "")
    {
        var uri = string.Create(CultureInfo.InvariantCulture, $"modbus-tcp://127.0.0.1:{server.Port}/1?model={model}&timeout=5s{options}");
        return new ModbusOpener().OpenAsync(MeterUri.Parse(uri), "wall", Shipped.Environment, Token);
    }
}
