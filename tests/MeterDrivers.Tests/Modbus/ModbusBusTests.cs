using MeterLab.MeterDrivers.Modbus;

namespace MeterLab.MeterDrivers.Tests.Modbus;

/// <summary>What comes back over a wire, right and wrong, on both framings.</summary>
public sealed class ModbusBusTests
{
    private readonly BusBench _bench = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_read_brings_the_registers_and_the_bracket(bool rtu)
    {
        var device = BusBench.Device(rtu);
        var before = _bench.Clock.MonotonicNs;
        var client = _bench.Client(rtu, new ScriptedLink(request =>
        {
            _bench.Clock.Advance(TimeSpan.FromMilliseconds(3));
            return [device.Answer(request)];
        }));
        var registers = new ushort[2];

        var times = await client.ReadInputRegistersAsync(0x34, registers, Token);

        Assert.Equal([0x4366, 0x8000], registers);
        Assert.Equal(new ExchangeTimes(before, before + 3_000_000), times);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Bytes_that_come_one_at_a_time_make_a_frame(bool rtu)
    {
        var device = BusBench.Device(rtu);
        var client = _bench.Client(rtu, new ScriptedLink(request => device.Answer(request).Select(b => new[] { b })));
        var registers = new ushort[2];

        await client.ReadInputRegistersAsync(0x34, registers, Token);

        Assert.Equal(0x4366, registers[0]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_written_can_be_read_back(bool rtu)
    {
        var device = BusBench.Device(rtu);
        var client = _bench.Client(rtu, new ScriptedLink(request => [device.Answer(request)]));
        var registers = new ushort[3];

        await client.WriteMultipleRegistersAsync(10, new ushort[] { 1, 2 }, Token);
        await client.WriteSingleRegisterAsync(12, 3, Token);
        await client.ReadHoldingRegistersAsync(10, registers, Token);

        Assert.Equal([1, 2, 3], registers);
    }

    [Theory]
    [InlineData(false, 2, "illegal data address")]
    [InlineData(true, 2, "illegal data address")]
    [InlineData(true, 6, "busy")]
    [InlineData(false, 11, "gateway got no answer")]
    public async Task An_exception_reply_is_told_in_words(bool rtu, byte code, string words)
    {
        var device = BusBench.Device(rtu);
        var client = _bench.Client(rtu, new ScriptedLink(request => [device.Frame(request, 1, [0x84, code])]));

        var error = await Assert.ThrowsAsync<MeterException>(() => BusBench.ReadAsync(client));

        Assert.Equal(MeterFailure.Refused, error.Failure);
        Assert.Contains("unit 1, input registers 0x0034 to 0x0035", error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Another_units_answer_is_refused(bool rtu)
    {
        var device = BusBench.Device(rtu);
        var client = _bench.Client(rtu, new ScriptedLink(request => [device.Frame(request, 2, [4, 4, 0, 0, 0, 0])]));

        var error = await Assert.ThrowsAsync<MeterException>(() => BusBench.ReadAsync(client));

        Assert.Equal(MeterFailure.Protocol, error.Failure);
        Assert.Contains("unit 2 answered", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "0303000000")]
    [InlineData(true, "0304000000")]
    [InlineData(false, "0402AAAA")]
    [InlineData(true, "0402AAAA")]
    [InlineData(false, "0404AAAA")]
    public async Task An_answer_of_another_function_or_length_is_refused(bool rtu, string pdu)
    {
        var device = BusBench.Device(rtu);
        var bytes = Convert.FromHexString(pdu);
        if (bytes[0] == 3)
            bytes = [3, 4, 0, 0, 0, 0];
        var client = _bench.Client(rtu, new ScriptedLink(request => [device.Frame(request, 1, bytes)]));

        var error = await Assert.ThrowsAsync<MeterException>(() => BusBench.ReadAsync(client));

        Assert.Equal(MeterFailure.Protocol, error.Failure);
        Assert.Contains("came back", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_checksum_is_told_and_the_next_exchange_is_clean()
    {
        var device = BusBench.Device(rtu: true);
        var spoil = true;
        var client = _bench.Client(rtu: true, new ScriptedLink(request =>
        {
            var answer = device.Answer(request);
            answer[4] ^= (byte)(spoil ? 0x10 : 0);
            spoil = false;
            return [answer];
        }));

        var error = await Assert.ThrowsAsync<LinkException>(() => BusBench.ReadAsync(client));
        var registers = await _bench.Within(BusBench.ReadAsync(client));

        Assert.Equal(LinkFailure.Corrupt, error.Failure);
        Assert.Contains("CRC", error.Message, StringComparison.Ordinal);
        Assert.Equal([0x4366, 0x8000], registers);
    }
}
