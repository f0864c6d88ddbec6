using MeterLab.Measurement.Clocks;
using MeterLab.MeterDrivers.Links;
using MeterLab.MeterDrivers.Modbus;
using MeterLab.MeterDrivers.Profiles;

namespace MeterLab.MeterDrivers.Tests.Modbus;

/// <summary>Several requests on their way at once, on a wire whose frames are numbered.</summary>
public sealed class InFlightTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answers_find_their_requests_in_whatever_order_they_come()
    {
        var device = new RegisterDevice();
        for (var i = 0; i < 100; i++)
            device.Registers[i] = (ushort)(1000 + i);
        ScriptedLink? link = null;
        link = new ScriptedLink(bytes => Split(bytes).Select(device.Answer).Reverse());
        await using var bus = Bus(link);
        await bus.EnsureOpenAsync(Token);
        var client = new ModbusClient(bus, 1, TimeSpan.FromSeconds(10), TimeSpan.Zero, inFlight: 4);
        var reads = Enumerable.Range(0, 10).Select(i => new ModbusRead(i % 2 == 0 ? RegisterTable.Input : RegisterTable.Holding, (ushort)(7 * i), 1 + i)).ToArray();

        await client.ReadAsync(reads, Token);

        Assert.Equal(3, link.Written.Count);
        Assert.All(reads, read => Assert.Equal(Enumerable.Range(1000 + read.Address, read.Registers.Length), read.Registers.ToArray().Select(register => (int)register)));
        Assert.All(reads, read => Assert.True(read.Times.BeforeNs < read.Times.AfterNs));
        Assert.Equal((10L, 0L), (bus.Answers, bus.LateReplies));
    }

    [Fact]
    public async Task An_answer_that_comes_twice_or_to_nobody_is_dropped_and_counted()
    {
        var device = new RegisterDevice();
        device.Registers[0] = 7;
        device.Registers[1] = 8;
        await using var bus = Bus(new ScriptedLink(bytes =>
        {
            var answers = Split(bytes).Select(device.Answer).ToArray();
            byte[] nobodys = [.. answers[0]];
            nobodys[0] ^= 0x40;
            return [nobodys, answers[0], answers[0], answers[1]];
        }));
        await bus.EnsureOpenAsync(Token);
        var client = new ModbusClient(bus, 1, TimeSpan.FromSeconds(10), TimeSpan.Zero, inFlight: 2);
        var reads = new[] { new ModbusRead(RegisterTable.Input, 0, 1), new ModbusRead(RegisterTable.Input, 1, 1) };

        await client.ReadAsync(reads, Token);

        Assert.Equal((7, 8), (reads[0].Registers[0], reads[1].Registers[0]));
        Assert.Equal(2, bus.LateReplies);
    }

    [Fact]
    public async Task One_refusal_is_told_and_the_next_exchange_is_clean()
    {
        var device = new RegisterDevice();
        var refuse = true;
        await using var bus = Bus(new ScriptedLink(bytes => Split(bytes).Select(
            (frame, i) => i == 1 && refuse ? device.Frame(frame, 1, [0x84, 2]) : device.Answer(frame))));
        await bus.EnsureOpenAsync(Token);
        var client = new ModbusClient(bus, 1, TimeSpan.FromSeconds(10), TimeSpan.Zero, inFlight: 3);
        var reads = Enumerable.Range(0, 3).Select(i => new ModbusRead(RegisterTable.Input, (ushort)i, 1)).ToArray();

        var error = await Assert.ThrowsAsync<MeterException>(async () => await client.ReadAsync(reads, Token));
        refuse = false;
        await client.ReadAsync(reads, Token);

        Assert.Equal(MeterFailure.Refused, error.Failure);
        Assert.Contains("0x0001", error.Message, StringComparison.Ordinal);
        Assert.Equal((6L, 0L), (bus.Answers, bus.LateReplies));
    }

    [Fact]
    public async Task A_serial_wire_never_has_more_than_one()
    {
        var device = new RegisterDevice { Rtu = true };
        var link = new ScriptedLink(bytes => [device.Answer(bytes)]);
        await using var bus = Bus(link, new RtuCodec());
        await bus.EnsureOpenAsync(Token);
        var client = new ModbusClient(bus, 1, TimeSpan.FromSeconds(10), TimeSpan.Zero, inFlight: 8);

        await client.ReadAsync(Enumerable.Range(0, 3).Select(i => new ModbusRead(RegisterTable.Input, (ushort)i, 1)).ToArray(), Token);

        Assert.Equal(3, link.Written.Count);
    }

    private static ModbusBus Bus(ScriptedLink link, FrameCodec? codec = null) => new(
        new ModbusBusSettings("lab", codec ?? new TcpCodec(), null, false, _ => ValueTask.FromResult<IByteLink>(link)),
        new SystemHostClock(), TimeProvider.System);

    // Every request of the tests is twelve bytes long.
    private static IEnumerable<byte[]> Split(byte[] bytes) => bytes.Chunk(12);
}
