using System.Net;
using System.Net.Sockets;

using MeterLab.Measurement.Clocks;
using MeterLab.VirtualRig.Faults;
using MeterLab.VirtualRig.Wires;

namespace MeterLab.VirtualRig.Tests.Wires;

/// <summary>Each kind of fault as it looks on a raw socket: the second of three exchanges is hit, its neighbours are whole.</summary>
public class TcpFaultTests
{
    private static readonly byte[] Request = [0x12, 0x34, 0, 0, 0, 6, 1, 3, 0, 0, 0, 1];
    private static readonly byte[] Whole = [0x12, 0x34, 0, 0, 0, 5, 1, 3, 2, 0xAB, 0xCD];

    [Fact]
    public async Task Corrupt_turns_bits_of_one_byte() =>
        Assert.Equal([0x12, 0x34, 0, 0, 0, 5, 1, 3, 2, 0xAB ^ 0x55, 0xCD], await SecondAsync(new() { Wire = "w", Kind = FaultKind.Corrupt, Parameter = 9 }));

    [Fact]
    public async Task A_wrong_checksum_on_TCP_is_a_wrong_transaction_number() =>
        Assert.Equal([0x12 ^ 0x55, 0x34, 0, 0, 0, 5, 1, 3, 2, 0xAB, 0xCD], await SecondAsync(new() { Wire = "w", Kind = FaultKind.WrongChecksum }));

    [Fact]
    public async Task An_exception_carries_its_code() =>
        Assert.Equal([0x12, 0x34, 0, 0, 0, 3, 1, 0x83, 6], await SecondAsync(new() { Wire = "w", Kind = FaultKind.Exception, Parameter = 6 }));

    [Fact]
    public async Task Truncate_leaves_so_many_bytes() =>
        Assert.Equal([0x12, 0x34, 0, 0, 0], await SecondAsync(new() { Wire = "w", Kind = FaultKind.Truncate, Parameter = 5 }));

    [Fact]
    public async Task Silence_is_no_byte_and_the_connection_stays() =>
        Assert.Empty(await SecondAsync(new() { Wire = "w", Kind = FaultKind.Silence }));

    [Fact]
    public async Task A_delayed_reply_is_whole() =>
        Assert.Equal(Whole, await SecondAsync(new() { Wire = "w", Kind = FaultKind.Delay, Late = TimeSpan.FromMilliseconds(50) }));

    [Fact]
    public async Task Another_wires_fault_does_nothing_here() =>
        Assert.Equal(Whole, await SecondAsync(new() { Wire = "other", Kind = FaultKind.Corrupt }));

    [Fact]
    public async Task A_cut_closes_the_connection_refuses_new_ones_and_is_restored()
    {
        var cancel = TestContext.Current.CancellationToken;
        var cut = new Fault { Wire = "w", Kind = FaultKind.Cut, AtExchange = 2, For = TimeSpan.FromMilliseconds(300) };
        await using var server = Server(cut);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Port, cancel);
        Assert.Equal(Whole, await ExchangeAsync(client.GetStream()));
        Assert.Empty(await ExchangeAsync(client.GetStream()));
        Assert.Equal(0, await client.GetStream().ReadAsync(new byte[1], cancel));

        var replies = new List<byte[]>();
        for (var attempt = 0; attempt < 200 && (replies.Count == 0 || replies[^1].Length == 0); attempt++)
        {
            using var again = new TcpClient();
            await again.ConnectAsync(IPAddress.Loopback, server.Port, cancel);
            replies.Add(await TryExchangeAsync(again));
            await Task.Delay(10, cancel);
        }

        Assert.Empty(replies[0]);
        Assert.Equal(Whole, replies[^1]);
    }

    private static async Task<byte[]> SecondAsync(Fault fault)
    {
        await using var server = Server(fault with { AtExchange = 2 });
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Port, TestContext.Current.CancellationToken);
        Assert.Equal(Whole, await ExchangeAsync(client.GetStream()));
        var second = await ExchangeAsync(client.GetStream());
        Assert.Equal(Whole, await ExchangeAsync(client.GetStream()));
        return second;
    }

    private static ModbusTcpServer Server(Fault fault)
    {
        var clock = new SystemHostClock();
        var slave = new ModbusSlave();
        slave.Add(1, new OneRegister());
        return new ModbusTcpServer(slave, new FaultScript(clock, fault).Gate("w"), TimeProvider.System);
    }

    private static async Task<byte[]> TryExchangeAsync(TcpClient client)
    {
        try
        {
            return await ExchangeAsync(client.GetStream());
        }
        catch (IOException)
        {
            return [];
        }
    }

    /// <summary>What arrives within a while of the request; nothing is an answer too.</summary>
    private static async Task<byte[]> ExchangeAsync(NetworkStream stream)
    {
        await stream.WriteAsync(Request, TestContext.Current.CancellationToken);
        var buffer = new byte[64];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMilliseconds(400));
        try
        {
            return buffer[..await stream.ReadAsync(buffer, patience.Token)];
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            return [];
        }
    }

    private sealed class OneRegister : IModbusUnit
    {
        public byte Read(byte function, int address, Span<ushort> registers)
        {
            registers.Fill(0xABCD);
            return 0;
        }

        public byte Write(int address, ReadOnlySpan<ushort> registers) => 0;
    }
}
