using MeterLab.MeterDrivers.Links;
using MeterLab.MeterDrivers.Modbus;
using MeterLab.TestKit;

using Microsoft.Extensions.Time.Testing;

namespace MeterLab.MeterDrivers.Tests.Modbus;

/// <summary>What can go wrong on a wire, on both framings, in memory and on a clock of the test's own.</summary>
public sealed class ModbusBusTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(500);

    private readonly FakeTimeProvider _time = new();
    private readonly FakeHostClock _clock = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_read_brings_the_registers_and_the_bracket(bool rtu)
    {
        var device = Device(rtu);
        var before = _clock.MonotonicNs;
        var client = Client(rtu, new ScriptedLink(request =>
        {
            _clock.Advance(TimeSpan.FromMilliseconds(3));
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
        var device = Device(rtu);
        var client = Client(rtu, new ScriptedLink(request => device.Answer(request).Select(b => new[] { b })));
        var registers = new ushort[2];

        await client.ReadInputRegistersAsync(0x34, registers, Token);

        Assert.Equal(0x4366, registers[0]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_written_can_be_read_back(bool rtu)
    {
        var device = Device(rtu);
        var client = Client(rtu, new ScriptedLink(request => [device.Answer(request)]));
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
        var device = Device(rtu);
        var client = Client(rtu, new ScriptedLink(request => [device.Frame(request, 1, [0x84, code])]));

        var error = await Assert.ThrowsAsync<MeterException>(() => Read(client));

        Assert.Equal(MeterFailure.Refused, error.Failure);
        Assert.Contains("unit 1, input registers 0x0034 to 0x0035", error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Another_units_answer_is_refused(bool rtu)
    {
        var device = Device(rtu);
        var client = Client(rtu, new ScriptedLink(request => [device.Frame(request, 2, [4, 4, 0, 0, 0, 0])]));

        var error = await Assert.ThrowsAsync<MeterException>(() => Read(client));

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
        var device = Device(rtu);
        var bytes = Convert.FromHexString(pdu);
        if (bytes[0] == 3)
            bytes = [3, 4, 0, 0, 0, 0];
        var client = Client(rtu, new ScriptedLink(request => [device.Frame(request, 1, bytes)]));

        var error = await Assert.ThrowsAsync<MeterException>(() => Read(client));

        Assert.Equal(MeterFailure.Protocol, error.Failure);
        Assert.Contains("came back", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_checksum_is_told_and_the_next_exchange_is_clean()
    {
        var device = Device(rtu: true);
        var spoil = true;
        var client = Client(rtu: true, new ScriptedLink(request =>
        {
            var answer = device.Answer(request);
            answer[4] ^= (byte)(spoil ? 0x10 : 0);
            spoil = false;
            return [answer];
        }));

        var error = await Assert.ThrowsAsync<LinkException>(() => Read(client));
        var registers = await Within(Read(client));

        Assert.Equal(LinkFailure.Corrupt, error.Failure);
        Assert.Contains("CRC", error.Message, StringComparison.Ordinal);
        Assert.Equal([0x4366, 0x8000], registers);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Silence_ends_at_the_deadline(bool rtu)
    {
        var client = Client(rtu, new ScriptedLink(_ => []));

        var read = Read(client);
        _time.Advance(TimeSpan.FromMilliseconds(499));
        Assert.False(read.IsCompleted);

        var error = await Assert.ThrowsAsync<LinkException>(() => Within(read));
        Assert.Equal(LinkFailure.TimedOut, error.Failure);
        Assert.Contains("no answer within 0.5 s", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 6, "6 of")]
    [InlineData(true, 5, "5 of 9 bytes")]
    public async Task A_short_frame_is_told_with_its_length(bool rtu, int bytes, string detail)
    {
        var device = Device(rtu);
        var client = Client(rtu, new ScriptedLink(request => [device.Answer(request)[..bytes]]));

        var error = await Assert.ThrowsAsync<LinkException>(() => Within(Read(client)));

        Assert.Equal(LinkFailure.Corrupt, error.Failure);
        Assert.Contains($"broke off after {detail}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_network_a_late_answer_is_never_taken_for_the_next_one()
    {
        var device = Device(rtu: false);
        byte[]? late = null;
        var client = Client(rtu: false, new ScriptedLink(request =>
        {
            if (late is null)
            {
                late = device.Frame(request, 1, [4, 4, 0xDE, 0xAD, 0xBE, 0xEF]);
                return [late[..3]];
            }

            // The rest of the late answer, then the right one, in odd pieces.
            var right = device.Answer(request);
            return [late[3..], right[..8], right[8..]];
        }));

        await Assert.ThrowsAsync<LinkException>(() => Within(Read(client)));
        var registers = await Within(Read(client));

        Assert.Equal([0x4366, 0x8000], registers);
    }

    [Fact]
    public async Task On_a_serial_line_a_late_answer_is_waited_out()
    {
        var device = Device(rtu: true);
        device.SetSingle(0x48, 1);
        byte[]? late = null;
        ScriptedLink? link = null;
        link = new ScriptedLink(request =>
        {
            if (late is not null)
                return [device.Answer(request)];
            late = device.Answer(request);
            return [];
        });
        var client = Client(rtu: true, link);
        await Assert.ThrowsAsync<LinkException>(() => Within(Read(client, 0x48)));

        var second = Read(client);
        _time.Advance(TimeSpan.FromMilliseconds(300));
        link.Push(late!);
        await Task.Yield();
        Assert.Single(link.Written);
        var registers = await Within(second);

        Assert.Equal([0x4366, 0x8000], registers);
    }

    [Fact]
    public async Task A_closed_link_is_told_and_opened_again_only_when_asked()
    {
        var opened = 0;
        var device = Device(rtu: false);
        var settings = new ModbusBusSettings("lab", new TcpCodec(), null, false, _ =>
        {
            ScriptedLink? link = null;
            link = new ScriptedLink(request => [device.Answer(request)]);
            if (opened++ == 0)
                link = Hanging();
            return ValueTask.FromResult<IByteLink>(link);
        });
        await using var bus = new ModbusBus(settings, _clock, _time);
        await bus.EnsureOpenAsync(Token);
        var client = new ModbusClient(bus, 1, Timeout, TimeSpan.Zero);

        Assert.Equal(LinkFailure.Closed, (await Assert.ThrowsAsync<LinkException>(() => Read(client))).Failure);
        Assert.Equal(LinkFailure.Closed, (await Assert.ThrowsAsync<LinkException>(() => Read(client))).Failure);
        await bus.ReopenAsync(1, Token);
        await bus.ReopenAsync(1, Token);

        Assert.Equal([0x4366, 0x8000], await Read(client));
        Assert.Equal(2, opened);

        static ScriptedLink Hanging()
        {
            ScriptedLink? link = null;
            link = new ScriptedLink(request =>
            {
                link!.Push([0, 1, 0]);
                link.HangUp();
                return [];
            });
            return link;
        }
    }

    [Fact]
    public async Task Cancelling_ends_an_exchange_without_calling_it_a_time_out()
    {
        using var cancel = new CancellationTokenSource();
        var client = Client(rtu: true, new ScriptedLink(_ => []));

        var read = client.ReadInputRegistersAsync(0, new ushort[2], cancel.Token).AsTask();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
    }

    [Fact]
    public async Task Requests_keep_the_models_pause_on_a_serial_line()
    {
        var device = Device(rtu: true);
        var link = new ScriptedLink(request => [device.Answer(request)]);
        var client = Client(rtu: true, link, gap: TimeSpan.FromMilliseconds(60));
        await Within(Read(client));

        var second = Read(client);
        _time.Advance(TimeSpan.FromMilliseconds(59));
        Assert.Single(link.Written);
        await Within(second);

        Assert.Equal(2, link.Written.Count);
    }

    [Fact]
    public async Task A_line_that_never_falls_silent_is_told()
    {
        var first = true;
        ScriptedLink? link = null;
        link = new ScriptedLink(_ =>
        {
            first = false;
            return [];
        });
        var client = Client(rtu: true, link);
        await Assert.ThrowsAsync<LinkException>(() => Within(Read(client)));
        Assert.False(first);

        var second = Read(client);
        for (var i = 0; i < 60 && !second.IsCompleted; i++)
        {
            link.Push([0xFF]);
            _time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Delay(1, Token);
        }

        var error = await Assert.ThrowsAsync<LinkException>(() => second);
        Assert.Contains("does not fall silent", error.Message, StringComparison.Ordinal);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static RegisterDevice Device(bool rtu)
    {
        var device = new RegisterDevice { Rtu = rtu };
        device.SetSingle(0x34, 230.5f);
        return device;
    }

    private ModbusClient Client(bool rtu, IByteLink link, TimeSpan gap = default)
    {
        FrameCodec codec = rtu ? new RtuCodec() : new TcpCodec();
        var settings = new ModbusBusSettings("lab", codec, null, rtu, _ => ValueTask.FromResult(link));
        var bus = new ModbusBus(settings, _clock, _time);
        var open = bus.EnsureOpenAsync(Token);
        Assert.True(open.IsCompletedSuccessfully);
        return new ModbusClient(bus, 1, Timeout, gap);
    }

    private static async Task<ushort[]> Read(ModbusClient client, ushort address = 0x34)
    {
        var registers = new ushort[2];
        await client.ReadInputRegistersAsync(address, registers, Token);
        return registers;
    }

    // Lets the test's clock run until the work is done; ten seconds of it are more than any exchange may take. On a busy machine the
    // work itself needs a moment between two steps of the clock.
    private async Task<T> Within<T>(Task<T> work)
    {
        for (var i = 0; i < 1000 && !work.IsCompleted; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Delay(1, Token);
        }

        return await work.WaitAsync(TimeSpan.FromSeconds(10), Token);
    }
}
