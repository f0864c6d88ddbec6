using MeterLab.MeterDrivers.Links;
using MeterLab.MeterDrivers.Modbus;
using MeterLab.TestKit;

using Microsoft.Extensions.Time.Testing;

namespace MeterLab.MeterDrivers.Tests.Modbus;

/// <summary>A client over a scripted link, on a clock of the test's own.</summary>
internal sealed class BusBench
{
    public static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(500);

    public FakeTimeProvider Time { get; } = new();

    public FakeHostClock Clock { get; } = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A device that shows 230.5 at 0x34.</summary>
    public static RegisterDevice Device(bool rtu)
    {
        var device = new RegisterDevice { Rtu = rtu };
        device.SetSingle(0x34, 230.5f);
        return device;
    }

    public ModbusClient Client(bool rtu, IByteLink link, TimeSpan gap = default)
    {
        FrameCodec codec = rtu ? new RtuCodec() : new TcpCodec();
        var settings = new ModbusBusSettings("lab", codec, null, rtu, _ => ValueTask.FromResult(link));
        var bus = new ModbusBus(settings, Clock, Time);
        var open = bus.EnsureOpenAsync(Token);
        Assert.True(open.IsCompletedSuccessfully);
        return new ModbusClient(bus, 1, Timeout, gap);
    }

    public static async Task<ushort[]> ReadAsync(ModbusClient client, ushort address = 0x34)
    {
        var registers = new ushort[2];
        await client.ReadInputRegistersAsync(address, registers, Token);
        return registers;
    }

    /// <summary>
    /// Lets the test's clock run until the work is done; ten seconds of it are more than any exchange may take. On a busy machine the work itself needs a
    /// moment between two steps of the clock.
    /// </summary>
    public async Task<T> Within<T>(Task<T> work)
    {
        for (var i = 0; i < 1000 && !work.IsCompleted; i++)
        {
            Time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Delay(1, Token);
        }

        return await work.WaitAsync(TimeSpan.FromSeconds(10), Token);
    }
}
