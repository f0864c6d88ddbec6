using System.Net;
using System.Net.Sockets;

using MeterLab.MeterDrivers.Links;
using MeterLab.MeterDrivers.Tests.Polling;

namespace MeterLab.MeterDrivers.Tests.Links;

/// <summary>What exchanges wait with: deadlines, pauses, and the short wait for a near answer.</summary>
public sealed class WaitTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_timer_that_an_earlier_exchange_started_does_not_end_a_later_one_too_soon()
    {
        var time = new ManualTime();
        using var deadline = new Deadline(time);
        deadline.Start(TimeSpan.FromSeconds(1), CancellationToken.None);
        time.Advance(TimeSpan.FromMilliseconds(900));
        deadline.Stop();

        var later = deadline.Start(TimeSpan.FromSeconds(1), CancellationToken.None);
        time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(later.IsCancellationRequested);
        time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.True(later.IsCancellationRequested);
    }

    [Fact]
    public void A_shorter_deadline_after_a_longer_one_is_kept()
    {
        var time = new ManualTime();
        using var deadline = new Deadline(time);
        deadline.Start(TimeSpan.FromSeconds(10), CancellationToken.None);
        deadline.Stop();

        var shorter = deadline.Start(TimeSpan.FromMilliseconds(50), CancellationToken.None);
        time.Advance(TimeSpan.FromMilliseconds(50));

        Assert.True(shorter.IsCancellationRequested);
    }

    [Fact]
    public void A_deadline_that_was_stopped_stays_silent()
    {
        var time = new ManualTime();
        using var deadline = new Deadline(time);
        var token = deadline.Start(TimeSpan.FromSeconds(1), CancellationToken.None);
        deadline.Stop();

        time.Advance(TimeSpan.FromSeconds(5));

        Assert.False(token.IsCancellationRequested);
    }

    [Fact]
    public async Task A_pause_never_ends_before_its_moment()
    {
        using var pause = new LinePause(TimeProvider.System);
        for (var i = 1; i <= 20; i++)
        {
            var moment = TimeProvider.System.GetTimestamp() + i * TimeProvider.System.TimestampFrequency / 5000;
            await pause.UntilAsync(moment, Token);
            Assert.True(TimeProvider.System.GetTimestamp() >= moment);
        }
    }

    [Fact]
    public async Task A_pause_that_is_cancelled_ends_and_the_next_one_works()
    {
        using var pause = new LinePause(TimeProvider.System);
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
        var far = TimeProvider.System.GetTimestamp() + 600 * TimeProvider.System.TimestampFrequency;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pause.UntilAsync(far, stop.Token).AsTask());

        var near = TimeProvider.System.GetTimestamp() + TimeProvider.System.TimestampFrequency / 500;
        await pause.UntilAsync(near, Token);
        Assert.True(TimeProvider.System.GetTimestamp() >= near);
    }

    [Fact]
    public void Waits_in_vain_become_rare_and_come_back_with_success()
    {
        var wait = new ShortWait();
        var waited = 0;
        for (var i = 0; i < 10_000; i++)
        {
            if (!wait.IsWorthwhile())
                continue;
            waited++;
            wait.Ended(false);
        }

        Assert.InRange(waited, 10, 30);
        for (var i = 0; i < 10_000; i++)
        {
            if (wait.IsWorthwhile())
                wait.Ended(true);
        }

        Assert.True(wait.IsWorthwhile());
    }

    [Fact]
    public async Task A_refused_connection_says_so_and_a_closed_one_too()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await using var link = await TcpLink.ConnectAsync("127.0.0.1", port, TimeSpan.FromSeconds(20), TimeProvider.System, Token);
        (await listener.AcceptSocketAsync(Token)).Dispose();

        var closed = await Assert.ThrowsAsync<LinkException>(() => link.ReadAsync(new byte[8], Token).AsTask());
        listener.Stop();
        var refused = await Assert.ThrowsAsync<LinkException>(
            () => TcpLink.ConnectAsync("127.0.0.1", port, TimeSpan.FromSeconds(20), TimeProvider.System, Token).AsTask());

        Assert.Equal(LinkFailure.Closed, closed.Failure);
        Assert.Equal(LinkFailure.Unreachable, refused.Failure);
        Assert.Contains("refuses the connection", refused.Message, StringComparison.Ordinal);
    }
}
