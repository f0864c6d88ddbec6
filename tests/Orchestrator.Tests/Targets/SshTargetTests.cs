using MeterLab.Orchestrator.Targets;

namespace MeterLab.Orchestrator.Tests.Targets;

public sealed class SshTargetTests : TargetContract, IClassFixture<SshdFixture>, IAsyncDisposable
{
    private readonly SshdFixture _fixture;
    private readonly Lazy<SshTarget> _target;

    public SshTargetTests(SshdFixture fixture)
    {
        _fixture = fixture;
        _target = new Lazy<SshTarget>(_fixture.Target);
    }

    private protected override ITarget Target => _target.Value;

    public ValueTask DisposeAsync() => _target.IsValueCreated ? _target.Value.DisposeAsync() : ValueTask.CompletedTask;

    [Fact]
    public void It_says_how_it_is_reached() =>
        Assert.Equal($"ssh {_fixture.Sshd.User}@127.0.0.1:{_fixture.Sshd.Port}", Target.Description);

    [Fact]
    public async Task A_killed_connection_is_opened_again()
    {
        await Target.RunAsync(["true"], Soon, Token);
        await _fixture.Sshd.KillSessionsAsync();

        // The library notices the loss only when it reads; the first call may still fail, and says so.
        await Processes.UntilAsync(
            () => Target.RunAsync(["true"], Soon, Token).ContinueWith(task => task.IsCompletedSuccessfully, Token).Result, Token);
    }

    [Fact]
    public async Task A_session_killed_under_a_program_is_a_lost_connection()
    {
        await using var channel = await Target.OpenChannelAsync(["cat"], Token);
        await _fixture.Sshd.KillSessionsAsync();

        var failure = await Assert.ThrowsAsync<TargetException>(() => channel.ExchangeAsync("x", TimeSpan.FromSeconds(10), Token));

        Assert.Equal(TargetFailure.Disconnected, failure.Failure);
    }

    [Fact]
    public async Task A_frozen_machine_is_noticed_by_the_deadline_and_used_again_when_it_is_back()
    {
        await using var channel = await Target.OpenChannelAsync(["cat"], Token);
        await channel.ExchangeAsync("x", TimeSpan.FromSeconds(10), Token);
        await _fixture.Sshd.FreezeAsync();
        try
        {
            var silent = await Assert.ThrowsAsync<TargetException>(() => channel.ExchangeAsync("y", TimeSpan.FromSeconds(1), Token));
            var stuck = await Assert.ThrowsAsync<TargetException>(
                () => Target.RunAsync(["true"], new CommandOptions(TimeSpan.FromSeconds(1)), Token));

            Assert.Equal(TargetFailure.TimedOut, silent.Failure);
            Assert.Equal(TargetFailure.TimedOut, stuck.Failure);
        }
        finally
        {
            await _fixture.Sshd.ThawAsync();
        }

        Assert.Equal(0, (await Target.RunAsync(["true"], Soon, Token)).ExitCode);
    }
}
