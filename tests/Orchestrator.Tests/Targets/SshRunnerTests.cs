using MeterLab.Orchestrator.Targets;

namespace MeterLab.Orchestrator.Tests.Targets;

public sealed class SshRunnerTests : RunnerContract, IClassFixture<SshdFixture>, IAsyncDisposable
{
    private readonly SshdFixture _fixture;
    private readonly Lazy<SshTarget> _target;

    public SshRunnerTests(SshdFixture fixture)
    {
        _fixture = fixture;
        _target = new Lazy<SshTarget>(_fixture.Target);
    }

    private protected override ITarget Target => _target.Value;

    public ValueTask DisposeAsync() => _target.IsValueCreated ? _target.Value.DisposeAsync() : ValueTask.CompletedTask;

    [Fact]
    public async Task A_workload_outlives_the_connection_and_is_found_again()
    {
        var spec = Spec("sh", "-c", "sleep 1.5; echo survived");
        var run = await Runner.StartAsync(spec, Token);
        await _fixture.Sshd.KillSessionsAsync();
        await using var another = _fixture.Target();
        var runner = new WorkloadRunner(another);

        var again = (await runner.AttachAsync(spec.Run, Token))!;

        Assert.Equal(run.StateDirectory, again.StateDirectory);
        Assert.Equal(WorkloadState.Ended, await runner.WaitAsync(again, Patience, Token));
        Assert.Equal("survived\n", (await runner.CollectAsync(again, Token))!.OutputTail);
    }

    [Fact]
    public async Task Waiting_survives_a_lost_connection()
    {
        var run = await Runner.StartAsync(Spec("sleep", "2"), Token);
        var waiting = Runner.WaitAsync(run, Patience, Token);
        await Task.Delay(500, Token);
        await _fixture.Sshd.KillSessionsAsync();

        Assert.Equal(WorkloadState.Ended, await waiting);
    }
}
