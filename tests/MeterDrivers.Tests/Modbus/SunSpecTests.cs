using System.Globalization;

using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Modbus;

namespace MeterLab.MeterDrivers.Tests.Modbus;

/// <summary>A device whose registers are found by walking its chain of models.</summary>
public sealed class SunSpecTests
{
    private const int Meter = 40000 + 2 + 68;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_not_implemented_has_no_value_and_powers_of_ten_are_followed()
    {
        var device = Device();
        await using var server = new LoopbackServer(request => [device.Answer(request)]);
        await using var meter = await OpenAsync(server);

        Assert.Equal((-2500.0, SampleFlags.None), await PowerAsync(meter));
        Assert.Equal(10, meter.Traces.Single(t => t.Channel.Channel == "total" && t.Quantity == Quantity.ActivePower).Resolution, 1e-12);

        // The device changes its range while it is read: more digits, fewer, none at all.
        (device.Registers[Meter + 18], device.Registers[Meter + 22]) = (unchecked((ushort)-12345), unchecked((ushort)-1));
        Assert.Equal((-1234.5, SampleFlags.None), await PowerAsync(meter));
        (device.Registers[Meter + 18], device.Registers[Meter + 22]) = (7, 3);
        Assert.Equal((7000.0, SampleFlags.None), await PowerAsync(meter));
        device.Registers[Meter + 22] = 0x8000;
        Assert.Equal((null, SampleFlags.NotAvailable), await PowerAsync(meter));
        (device.Registers[Meter + 18], device.Registers[Meter + 22]) = (0x8000, 0);
        Assert.Equal((null, SampleFlags.NotAvailable), await PowerAsync(meter));
    }

    [Fact]
    public async Task A_chain_without_the_model_says_what_is_in_it()
    {
        var device = Device(model: 201);
        await using var server = new LoopbackServer(request => [device.Answer(request)]);

        var error = await Assert.ThrowsAsync<MeterException>(() => OpenAsync(server));

        Assert.Equal(MeterFailure.WrongDevice, error.Failure);
        Assert.Contains("no model 203, only 1, 201", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x5375, 0x0000, "no SunSpec mark at 40000, 50000, 0")]
    [InlineData(0x5375, 0x6E53, "too short")]
    public async Task A_device_that_breaks_the_rules_is_refused(int first, int second, string hint)
    {
        var device = Device(length: 20);
        (device.Registers[40000], device.Registers[40001]) = ((ushort)first, (ushort)second);
        await using var server = new LoopbackServer(request => [device.Answer(request)]);

        var error = await Assert.ThrowsAsync<MeterException>(() => OpenAsync(server));

        Assert.Contains(hint, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chain_without_an_end_is_given_up()
    {
        // Every block says that it is empty and that another follows.
        var device = new RegisterDevice();
        (device.Registers[40000], device.Registers[40001]) = (0x5375, 0x6E53);
        for (var i = 40002; i < 41000; i += 2)
            device.Registers[i] = 2;
        await using var server = new LoopbackServer(request => [device.Answer(request)]);

        var error = await Assert.ThrowsAsync<MeterException>(() => OpenAsync(server));

        Assert.Contains("no model 203", error.Message, StringComparison.Ordinal);
        Assert.InRange(device.Requests.Count, 10, 100);
    }

    private static RegisterDevice Device(ushort model = 203, ushort length = 105)
    {
        var device = new RegisterDevice();
        foreach (var (address, value) in new (int, int)[]
        {
            (40000, 0x5375), (40001, 0x6E53), (40002, 1), (40003, 66), (Meter, model), (Meter + 1, length), (Meter + 2 + length, 0xFFFF),
            (Meter + 18, -250), (Meter + 22, 1),
        })
        {
            device.Registers[address] = (ushort)value;
        }

        return device;
    }

    private static async Task<(double?, SampleFlags)> PowerAsync(IMeter meter)
    {
        var reading = (await meter.ReadAsync(Token)).Single(r => r.Channel == "total" && r.Quantity == Quantity.ActivePower);
        return (reading.Value is { } value ? Math.Round(value, 6) : null, reading.Flags);
    }

    private static Task<IMeter> OpenAsync(LoopbackServer server)
    {
        var uri = string.Create(CultureInfo.InvariantCulture, $"modbus-tcp://127.0.0.1:{server.Port}/1?model=sunspec-203&timeout=5s");
        return new ModbusOpener().OpenAsync(MeterUri.Parse(uri), "wall", Shipped.Environment, Token);
    }
}
