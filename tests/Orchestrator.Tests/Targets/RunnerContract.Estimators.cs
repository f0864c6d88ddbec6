using System.Text;

using MeterLab.Estimators;
using MeterLab.Orchestrator.Targets;

namespace MeterLab.Orchestrator.Tests.Targets;

/// <summary>Estimators beside a workload and inside it.</summary>
public abstract partial class RunnerContract
{
    [Fact]
    public async Task An_estimator_runs_around_its_workload_and_is_stopped_by_its_signal()
    {
        var launch = new EstimatorLaunch(
            ["sh", "-c", """trap 'date +%s%N >end.csv; exit 0' INT; date +%s%N >"$1"; while :; do sleep 0.02; done""", "sh", "a b.csv"],
            new Dictionary<string, string>(), "INT", StartTimeS: 0.3, StopTimeS: 10);
        var spec = Spec("sleep", "0.3") with { Companions = [new WorkloadCompanion("codecarbon", launch)] };

        var run = await Runner.StartAsync(spec, Token);
        Assert.Equal(WorkloadState.Ended, await Runner.WaitAsync(run, Patience, Token));
        Assert.True(await Runner.FinishCompanionAsync(run, "codecarbon", TimeSpan.FromSeconds(10), Token));

        var (workload, estimator) = (await Collected(run), await Runner.CollectCompanionAsync(run, "codecarbon", Token));
        var files = await RunFolder.FetchAsync(Target, run, "codecarbon", 1024 * 1024, Token);
        Assert.Equal(["a b.csv", "end.csv"], files.Select(file => file.Path));
        Assert.True(long.Parse(Encoding.ASCII.GetString(files[0].Content.Span)) < workload.StartNs - 200_000_000);
        Assert.True(long.Parse(Encoding.ASCII.GetString(files[1].Content.Span)) > workload.EndNs);
        Assert.True(estimator!.Stopped);
        Assert.Equal(0, estimator.ExitCode);
        Assert.Equal(["codecarbon"], (await Runner.AttachAsync(spec.Run, Token))!.Companions);
    }

    [Fact]
    public async Task An_estimator_that_can_only_wrap_a_command_is_ended_by_the_end_of_the_run_and_not_by_a_signal()
    {
        // Stands for a tool that measures around a command, and whose file is lost when a signal reaches it.
        var launch = new EstimatorLaunch(
            ["sh", "-c", """trap 'echo signal >signal.txt' INT TERM; "$@"; echo "$HOME" >after.txt""", "tool", .. EstimatorLaunch.Holder],
            new Dictionary<string, string>(), EstimatorLaunch.NoSignal, StartTimeS: 0.3, StopTimeS: 10);
        var spec = Spec("sh", "-c", "sleep 0.3; exit 7") with { Companions = [new WorkloadCompanion("wrapper", launch)] };

        var run = await Runner.StartAsync(spec, Token);
        Assert.Equal(WorkloadState.Ended, await Runner.WaitAsync(run, Patience, Token));
        Assert.True(await Runner.FinishCompanionAsync(run, "wrapper", TimeSpan.FromSeconds(10), Token));

        var files = await RunFolder.FetchAsync(Target, run, "wrapper", 1024 * 1024, Token);
        Assert.Equal(["after.txt"], files.Select(file => file.Path));
        Assert.Equal($"{run.CompanionDirectory("wrapper")}/work\n", Encoding.UTF8.GetString(files[0].Content.Span));
        Assert.Equal(7, (await Collected(run)).ExitCode);
    }

    [Fact]
    public async Task A_workload_begins_as_soon_as_its_estimator_says_that_it_measures()
    {
        // The longest start is far longer than the test may take; the words come at once.
        var launch = new EstimatorLaunch(
            ["sh", "-c", "trap 'exit 0' TERM; echo now measuring; while :; do sleep 0.05; done"], new Dictionary<string, string>(), "TERM", StartTimeS: 600, StopTimeS: 10, ReadyText: "measuring");
        var spec = Spec("true") with { Companions = [new WorkloadCompanion("quick", launch)] };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Patience);

        var run = await Runner.StartAsync(spec, limit.Token);

        Assert.Equal(WorkloadState.Ended, await Runner.WaitAsync(run, Patience, Token));
        Assert.True(await Runner.FinishCompanionAsync(run, "quick", TimeSpan.FromSeconds(10), Token));
    }

    [Fact]
    public async Task What_a_workload_tracked_itself_is_fetched_by_pattern_and_nothing_else()
    {
        var run = await Runner.StartAsync(Spec("sh", "-c", "mkdir -p logs ./-x; echo a >emissions.csv; echo b >logs/my_carbontracker.log; echo c >model.bin; echo d >'./-x/emissions b.csv'"), Token);
        Assert.Equal(WorkloadState.Ended, await Runner.WaitAsync(run, Patience, Token));

        var files = await RunFolder.FetchOwnAsync(Target, run, ["emissions*.csv", "*carbontracker.log"], 1024 * 1024, Token);

        Assert.Equal(["-x/emissions b.csv", "emissions.csv", "logs/my_carbontracker.log"], files.Select(file => file.Path));
        Assert.Empty(await RunFolder.FetchOwnAsync(Target, run, ["*.none"], 1024 * 1024, Token));
    }

    [Fact]
    public async Task An_estimator_that_does_not_stop_is_killed_and_said_so()
    {
        var launch = new EstimatorLaunch(["sh", "-c", "trap '' INT TERM; while :; do sleep 1; done"], new Dictionary<string, string>(), "INT", 0, 1);
        var run = await Runner.StartAsync(Spec("true") with { Companions = [new WorkloadCompanion("deaf", launch)] }, Token);
        await Runner.WaitAsync(run, Patience, Token);

        Assert.False(await Runner.FinishCompanionAsync(run, "deaf", TimeSpan.FromSeconds(1), Token));
        Assert.Equal(9, (await Runner.CollectCompanionAsync(run, "deaf", Token))!.Signal);
    }
}
