using MeterLab.MeterDrivers.Links;
using MeterLab.MeterDrivers.Modbus;

namespace MeterLab.MeterDrivers.Tests.Modbus;

/// <summary>When it comes back over a wire: too late, never, in the middle of something else, on both framings.</summary>
public sealed class ModbusBusTimeTests
{
    private readonly BusBench _bench = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Silence_ends_at_the_deadline(bool rtu)
    {
        var client = _bench.Client(rtu, new ScriptedLink(_ => []));

        var read = BusBench.ReadAsync(client);
        _bench.Time.Advance(TimeSpan.FromMilliseconds(499));
        Assert.False(read.IsCompleted);

        var error = await Assert.ThrowsAsync<LinkException>(() => _bench.Within(read));
        Assert.Equal(LinkFailure.TimedOut, error.Failure);
        Assert.Contains("no answer within 0.5 s", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 6, "6 of")]
    [InlineData(true, 5, "5 of 9 bytes")]
    public async Task A_short_frame_is_told_with_its_length(bool rtu, int bytes, string detail)
    {
        var device = BusBench.Device(rtu);
        var client = _bench.Client(rtu, new ScriptedLink(request => [device.Answer(request)[..bytes]]));

        var error = await Assert.ThrowsAsync<LinkException>(() => _bench.Within(BusBench.ReadAsync(client)));

        Assert.Equal(LinkFailure.Corrupt, error.Failure);
        Assert.Contains($"broke off after {detail}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_network_a_late_answer_is_never_taken_for_the_next_one()
    {
        var device = BusBench.Device(rtu: false);
        byte[]? late = null;
        var client = _bench.Client(rtu: false, new ScriptedLink(request =>
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

        await Assert.ThrowsAsync<LinkException>(() => _bench.Within(BusBench.ReadAsync(client)));
        var registers = await _bench.Within(BusBench.ReadAsync(client));

        Assert.Equal([0x4366, 0x8000], registers);
    }

    [Fact]
    public async Task On_a_serial_line_a_late_answer_is_waited_out()
    {
        var device = BusBench.Device(rtu: true);
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
        var client = _bench.Client(rtu: true, link);
        await Assert.ThrowsAsync<LinkException>(() => _bench.Within(BusBench.ReadAsync(client, 0x48)));

        var second = BusBench.ReadAsync(client);
        _bench.Time.Advance(TimeSpan.FromMilliseconds(300));
        link.Push(late!);
        await Task.Yield();
        Assert.Single(link.Written);
        var registers = await _bench.Within(second);

        Assert.Equal([0x4366, 0x8000], registers);
    }

    [Fact]
    public async Task A_closed_link_is_told_and_opened_again_only_when_asked()
    {
        var opened = 0;
        var device = BusBench.Device(rtu: false);
        var settings = new ModbusBusSettings("lab", new TcpCodec(), null, false, _ =>
        {
            ScriptedLink? link = null;
            link = new ScriptedLink(request => [device.Answer(request)]);
            if (opened++ == 0)
                link = Hanging();
            return ValueTask.FromResult<IByteLink>(link);
        });
        await using var bus = new ModbusBus(settings, _bench.Clock, _bench.Time);
        await bus.EnsureOpenAsync(Token);
        var client = new ModbusClient(bus, 1, BusBench.Timeout, TimeSpan.Zero);

        Assert.Equal(LinkFailure.Closed, (await Assert.ThrowsAsync<LinkException>(() => BusBench.ReadAsync(client))).Failure);
        Assert.Equal(LinkFailure.Closed, (await Assert.ThrowsAsync<LinkException>(() => BusBench.ReadAsync(client))).Failure);
        await bus.ReopenAsync(1, Token);
        await bus.ReopenAsync(1, Token);

        Assert.Equal([0x4366, 0x8000], await BusBench.ReadAsync(client));
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
        var client = _bench.Client(rtu: true, new ScriptedLink(_ => []));

        var read = client.ReadInputRegistersAsync(0, new ushort[2], cancel.Token).AsTask();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
    }

    [Fact]
    public async Task Requests_keep_the_models_pause_on_a_serial_line()
    {
        var device = BusBench.Device(rtu: true);
        var link = new ScriptedLink(request => [device.Answer(request)]);
        var client = _bench.Client(rtu: true, link, gap: TimeSpan.FromMilliseconds(60));
        await _bench.Within(BusBench.ReadAsync(client));

        var second = BusBench.ReadAsync(client);
        _bench.Time.Advance(TimeSpan.FromMilliseconds(59));
        Assert.Single(link.Written);
        await _bench.Within(second);

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
        var client = _bench.Client(rtu: true, link);
        await Assert.ThrowsAsync<LinkException>(() => _bench.Within(BusBench.ReadAsync(client)));
        Assert.False(first);

        var second = BusBench.ReadAsync(client);
        for (var i = 0; i < 60 && !second.IsCompleted; i++)
        {
            link.Push([0xFF]);
            _bench.Time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Delay(1, Token);
        }

        var error = await Assert.ThrowsAsync<LinkException>(() => second);
        Assert.Contains("does not fall silent", error.Message, StringComparison.Ordinal);
    }
}
