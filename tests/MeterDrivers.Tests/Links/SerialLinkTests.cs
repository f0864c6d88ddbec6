using MeterLab.MeterDrivers.Links;
using MeterLab.VirtualRig.Wires;

namespace MeterLab.MeterDrivers.Tests.Links;

public sealed class SerialLinkTests
{
    private static readonly SerialSettings Settings = new(19200, SerialParity.Even);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(2400)]
    [InlineData(9600)]
    [InlineData(115200)]
    [InlineData(921600)]
    public async Task A_request_and_its_answer_travel_at_every_speed(int baud)
    {
        using var pty = Pty.Open();
        await using var link = SerialLink.Open(pty.SlavePath, new SerialSettings(baud, SerialParity.None, 2));
        await Exchange(link, pty);
    }

    [Fact]
    public async Task The_portable_path_exchanges_as_well()
    {
        using var pty = Pty.Open();
        await using var link = SerialPortLink.Open(pty.SlavePath, new SerialSettings(9600));
        await Exchange(link, pty);
    }

    [Fact]
    public async Task The_portable_path_sees_an_unplugged_port_and_closes()
    {
        using var pty = Pty.Open();
        var link = SerialPortLink.Open(pty.SlavePath, new SerialSettings(9600));
        pty.HangUp();
        var failure = await Assert.ThrowsAsync<LinkException>(() => link.ReadAsync(new byte[4], Token).AsTask());
        Assert.Equal(LinkFailure.Closed, failure.Failure);
        await link.DisposeAsync();
    }

    [Fact]
    public void A_missing_device_is_unreachable()
    {
        var failure = Assert.Throws<LinkException>(() => SerialLink.Open("/dev/meterlab-no-such-port", Settings));
        Assert.Equal(LinkFailure.Unreachable, failure.Failure);
        Assert.Contains("/dev/meterlab-no-such-port: no such device", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_terminal_is_named_as_such()
    {
        var failure = Assert.Throws<LinkException>(() => SerialLink.Open("/dev/null", Settings));
        Assert.Equal(LinkFailure.Unreachable, failure.Failure);
        Assert.Contains("not a serial line", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(13, LinkFailure.Denied, "usermod -aG dialout")]
    [InlineData(16, LinkFailure.Busy, "another program holds this port")]
    [InlineData(6, LinkFailure.Unreachable, "No such device or address")]
    public void What_the_kernel_refuses_is_said_with_the_remedy(int error, LinkFailure expected, string words)
    {
        // Root may open everything, so that a refusal cannot be provoked everywhere: the kernel's number stands for it.
        var failure = SerialTerminalLink.OpenFailure("/dev/ttyUSB0", error);
        Assert.Equal(expected, failure.Failure);
        Assert.Contains("/dev/ttyUSB0", failure.Message, StringComparison.Ordinal);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_busy_until_it_is_closed()
    {
        using var pty = Pty.Open();
        await using (SerialLink.Open(pty.SlavePath, Settings))
        {
            var failure = Assert.Throws<LinkException>(() => SerialLink.Open(pty.SlavePath, Settings));
            Assert.Equal(LinkFailure.Busy, failure.Failure);
            Assert.Contains("this program itself", failure.Message, StringComparison.Ordinal);
        }

        await using var again = SerialLink.Open(pty.SlavePath, Settings);
        await Exchange(again, pty);
    }

    [Fact]
    public async Task What_arrived_before_opening_is_thrown_away()
    {
        using var pty = Pty.Open();
        await pty.WriteAsync("stale"u8.ToArray(), Token);
        await using var link = SerialLink.Open(pty.SlavePath, Settings);
        await Exchange(link, pty);
    }

    [Fact]
    public async Task A_read_that_waits_fails_when_the_device_is_unplugged()
    {
        using var pty = Pty.Open();
        await using var link = SerialLink.Open(pty.SlavePath, Settings);
        var reading = link.ReadAsync(new byte[4], Token).AsTask();
        pty.HangUp();
        var failure = await Assert.ThrowsAsync<LinkException>(() => reading);
        Assert.Equal(LinkFailure.Closed, failure.Failure);
        var write = await Assert.ThrowsAsync<LinkException>(() => link.WriteAsync(new byte[1], Token).AsTask());
        Assert.Equal(LinkFailure.Closed, write.Failure);
    }

    [Fact]
    public async Task A_deadline_ends_a_read_of_a_silent_line()
    {
        using var pty = Pty.Open();
        await using var link = SerialLink.Open(pty.SlavePath, Settings);
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => link.ReadAsync(new byte[4], deadline.Token).AsTask());
    }

    [Fact]
    public async Task Cancelling_reads_at_random_moments_loses_no_byte()
    {
        using var pty = Pty.Open();
        await using var link = SerialLink.Open(pty.SlavePath, Settings);
        const int Total = 2000;
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < Total; i++)
            {
                await pty.WriteAsync(new[] { (byte)i }, Token);
                if (i % 3 == 0)
                    await Task.Yield();
            }
        }, Token);

        var buffer = new byte[16];
        var next = 0;
        while (next < Total)
        {
            using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var reading = link.ReadAsync(buffer, cancel.Token).AsTask();
            await cancel.CancelAsync();
            try
            {
                var count = await reading;
                for (var i = 0; i < count; i++)
                    Assert.Equal((byte)next++, buffer[i]);
            }
            catch (OperationCanceledException)
            {
                Token.ThrowIfCancellationRequested();
            }
        }

        await writing;
    }

    [Fact]
    public async Task Disposal_ends_a_read_that_waits()
    {
        using var pty = Pty.Open();
        var link = SerialLink.Open(pty.SlavePath, Settings);
        var reading = link.ReadAsync(new byte[4], Token).AsTask();
        await link.DisposeAsync();
        var failure = await Assert.ThrowsAsync<LinkException>(() => reading);
        Assert.Equal(LinkFailure.Closed, failure.Failure);
    }

    [Fact]
    public async Task Discarding_removes_what_was_not_read()
    {
        using var pty = Pty.Open();
        await using var link = SerialLink.Open(pty.SlavePath, Settings);
        await pty.WriteAsync("late answer"u8.ToArray(), Token);
        var first = new byte[1];
        await link.ReadAsync(first, Token);
        link.DiscardInput();
        await Exchange(link, pty);
    }

    [Theory]
    [InlineData("baud=9601", "9601 is no speed")]
    [InlineData("parity=mark", "none, even or odd")]
    [InlineData("stop-bits=3", "from 1 to 2")]
    public void A_setting_that_no_line_has_is_refused_with_what_would_be_right(string option, string expected)
    {
        var uri = MeterUri.Parse($"modbus-rtu:///dev/ttyUSB0/1?{option}");
        var failure = Assert.Throws<Measurement.ConfigurationException>(() => SerialSettings.FromUri(uri, new SerialSettings()));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_of_an_address_override_the_models_own()
    {
        var uri = MeterUri.Parse("modbus-rtu:///dev/ttyUSB0/1?parity=even&baud=2400");
        Assert.Equal(
            new SerialSettings(2400, SerialParity.Even, 2), SerialSettings.FromUri(uri, new SerialSettings(9600, SerialParity.None, 2)));
        Assert.Equal(12, new SerialSettings(2400, SerialParity.Even, 2).BitsPerCharacter);
    }

    private static async Task Exchange(IByteLink link, Pty pty)
    {
        await link.WriteAsync("ping"u8.ToArray(), Token);
        var heard = new byte[4];
        for (var have = 0; have < heard.Length;)
            have += await pty.ReadAsync(heard.AsMemory(have), Token);
        Assert.Equal("ping"u8.ToArray(), heard);
        await pty.WriteAsync("pong"u8.ToArray(), Token);
        var answer = new byte[4];
        for (var have = 0; have < answer.Length;)
            have += await link.ReadAsync(answer.AsMemory(have), Token);
        Assert.Equal("pong"u8.ToArray(), answer);
    }
}
