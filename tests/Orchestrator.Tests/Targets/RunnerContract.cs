using System.Text;

using MeterLab.Orchestrator.Targets;

namespace MeterLab.Orchestrator.Tests.Targets;

/// <summary>What the runner does on every kind of target.</summary>
public abstract partial class RunnerContract
{
    private protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected abstract ITarget Target { get; }

    private protected WorkloadRunner Runner => new(Target);

    private protected static WorkloadSpec Spec(params string[] command) => new()
    {
        Run = $"test-{Guid.NewGuid():N}",
        Helper = ClockHelpers.Date,
        Command = command,
        Timeout = TimeSpan.FromSeconds(30),
        Grace = TimeSpan.FromSeconds(1),
    };

    [Theory]
    [InlineData("bash")]
    [InlineData("python3")]
    [InlineData("perl")]
    [InlineData("date")]
    public async Task Exit_code_output_and_stamps_are_kept_whatever_tells_the_time(string name)
    {
        var helper = ClockHelpers.All.First(candidate => candidate.Name == name);
        var spec = Spec("sh", "-c", "echo out; echo err >&2; sleep 0.3; exit 7") with { Helper = helper };

        var record = await RunAsync(spec);

        Assert.Equal(7, record.ExitCode);
        Assert.Null(record.Signal);
        Assert.Equal(("out\n", "err\n", ""), (record.OutputTail, record.ErrorTail, record.Log));
        Assert.InRange(record.EndNs - record.StartNs, 300_000_000, 20_000_000_000);
        Assert.False(record.TimedOut || record.Stopped || record.Leftovers);
        Assert.NotNull(record.BootId);
    }

    [Fact]
    public async Task Stamps_lie_within_the_programs_own_and_agree_to_milliseconds()
    {
        var record = await RunAsync(Spec("sh", "-c", "date +%s%N; sleep 0.2; date +%s%N") with { Helper = ClockHelpers.Bash });

        var inner = record.OutputTail.Split('\n');
        // Seconds of tolerance: the machine that runs tests may be busy. The order must hold in any case.
        Assert.InRange(long.Parse(inner[0]) - record.StartNs, 0, 5_000_000_000);
        Assert.InRange(record.EndNs - long.Parse(inner[1]), 0, 5_000_000_000);
    }

    [Fact]
    public async Task Every_argument_variable_and_script_passes_verbatim()
    {
        string[] nasty = ["a b", "it's", "\"q\"", "$(id)", "`id`", "two\nlines", "", "*", "\\n", "--", "-x", "a=b"];
        var spec = Spec(["sh", "-c", """printf '%s\0' "$METERLAB_X" "$@" """, "sh", .. nasty]) with
        {
            Environment = new Dictionary<string, string> { ["METERLAB_X"] = "$(id) 'x'\n\"y\"" },
        };

        var record = await RunAsync(spec);

        Assert.Equal(string.Concat(((string[])["$(id) 'x'\n\"y\"", .. nasty]).Select(word => word + "\0")), record.OutputTail);
    }

    [Fact]
    public async Task A_script_runs_with_its_uploads_beside_it()
    {
        var spec = Spec() with
        {
            Script = "cat data/in.txt; ./tool.sh; ls -A; umask",
            Uploads =
            [
                new WorkloadUpload("data/in.txt", "hello\n"u8.ToArray(), 0b110_000_000),
                new WorkloadUpload("tool.sh", "#!/bin/sh\necho tool\n"u8.ToArray()),
            ],
        };

        var record = await RunAsync(spec);

        Assert.StartsWith("hello\ntool\ndata\ntool.sh\n", record.OutputTail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signal_shows_as_one()
    {
        var record = await RunAsync(Spec("sh", "-c", "kill -s SEGV $$"));

        Assert.Equal(11, record.Signal);
    }

    [Fact]
    public async Task The_time_limit_ends_the_whole_tree()
    {
        var mark = $"{Random.Shared.Next(100_000, 900_000)}.75";
        // A child in a process group of its own, and one that will not hear TERM.
        var spec = Spec("sh", "-c", $"setsid -w true; timeout 900 sleep {mark} & sh -c 'trap : TERM; sleep {mark}; sleep {mark}' & wait") with
        {
            Timeout = TimeSpan.FromSeconds(1),
        };

        var record = await RunAsync(spec);

        Assert.True(record.TimedOut);
        Assert.Equal(15, record.Signal);
        Assert.InRange(record.EndNs - record.StartNs, 500_000_000, 15_000_000_000);
        await Processes.UntilAsync(() => Processes.WithArgument(mark).Count == 0, Token);
    }

    [Fact]
    public async Task The_time_limit_holds_even_when_the_state_folder_is_removed()
    {
        var mark = $"{Random.Shared.Next(100_000, 900_000)}.625";
        var run = await Runner.StartAsync(Spec("sleep", mark) with { Timeout = TimeSpan.FromSeconds(3) }, Token);
        // Until the watchdog has seen the group, about a second after the start.
        await Task.Delay(1500, Token);

        await Target.RunAsync(["rm", "-rf", run.StateDirectory], new CommandOptions(Patience), Token);

        Assert.NotEmpty(Processes.WithArgument(mark));
        await Processes.UntilAsync(() => Processes.WithArgument(mark).Count == 0, Token);
    }

    [Fact]
    public async Task What_is_left_over_after_the_end_is_killed_and_said()
    {
        var mark = $"{Random.Shared.Next(100_000, 900_000)}.125";

        var record = await RunAsync(Spec("sh", "-c", $"sleep {mark} & exit 0"));

        Assert.Equal(0, record.ExitCode);
        Assert.True(record.Leftovers);
        await Processes.UntilAsync(() => Processes.WithArgument(mark).Count == 0, Token);
    }

    [Fact]
    public async Task Stopping_is_polite_first()
    {
        var run = await Runner.StartAsync(
            Spec("sh", "-c", "trap 'echo bye; exit 3' TERM; echo ready; : >ready; while :; do sleep 0.05; done"), Token);
        await Processes.UntilAsync(
            () => Target.FetchAsync(run.StateDirectory + "/work/ready", 1000, Token).Result is not null, Token);

        await Runner.StopAsync(run, TimeSpan.FromSeconds(10), Token);

        var record = await Collected(run);
        Assert.Equal((3, "ready\nbye\n"), (record.ExitCode, record.OutputTail));
        Assert.True(record.Stopped);
    }

    [Fact]
    public async Task Stopping_kills_what_does_not_listen()
    {
        var run = await Runner.StartAsync(Spec("sh", "-c", "trap '' TERM; sleep 100; sleep 100"), Token);

        await Runner.StopAsync(run, TimeSpan.FromSeconds(1), Token);

        Assert.Equal(9, (await Collected(run)).Signal);
    }

    [Fact]
    public async Task A_program_can_be_interrupted()
    {
        // Programs that a shell puts in the background ignore INT, and an estimator stopped by INT would never write its file.
        var run = await Runner.StartAsync(Spec("sleep", "100"), Token);
        var group = Encoding.ASCII.GetString((await Target.FetchAsync(run.StateDirectory + "/pgid", 100, Token))!).Trim();

        await Processes.UntilAsync(() => Target.RunAsync(
            ["sh", "-c", """kill -s INT -- "-$1" """, "sh", group], new CommandOptions(Patience), Token).Result.ExitCode == 0, Token);

        Assert.Equal(WorkloadState.Ended, await Runner.WaitAsync(run, Patience, Token));
        Assert.Equal(2, (await Collected(run)).Signal);
    }

    [Fact]
    public async Task A_program_that_is_not_there_says_so()
    {
        var record = await RunAsync(Spec("no-such-program"));

        Assert.Equal(127, record.ExitCode);
        Assert.Contains("no-such-program", record.ErrorTail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_a_failure_to_start()
    {
        var failure = await Assert.ThrowsAsync<TargetException>(
            () => Runner.StartAsync(Spec("true") with { WorkingDirectory = "/no/such" }, Token));

        Assert.Contains("/no/such", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_is_never_started_twice()
    {
        var spec = Spec("true");
        await Runner.StartAsync(spec, Token);

        await Assert.ThrowsAsync<TargetException>(() => Runner.StartAsync(spec, Token));
    }

    [Fact]
    public async Task Output_beyond_the_limit_is_let_past()
    {
        var spec = Spec("sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' x; exit 4") with { MaxOutputBytes = 1000 };

        var record = await RunAsync(spec);

        Assert.Equal((4, 1000), (record.ExitCode, record.OutputTail.Length));
    }

    [Fact]
    public async Task Work_costs_cpu_time_and_waiting_does_not()
    {
        var busy = await RunAsync(Spec("sh", "-c", "i=0; while [ $i -lt 400000 ]; do i=$((i+1)); done"));
        var idle = await RunAsync(Spec("sleep", "0.5"));

        Assert.True(busy.CpuSeconds >= 0.05, $"busy {busy.CpuSeconds}");
        Assert.True(busy.MachineCpuSeconds >= 0.05, $"machine {busy.MachineCpuSeconds}");
        Assert.InRange(idle.CpuSeconds, 0, 0.05);
        Assert.InRange(idle.RunnerCpuSeconds, 0, 0.2);
    }

    [Fact]
    public async Task A_run_whose_supervisor_was_killed_is_lost_and_not_awaited_for_ever()
    {
        var run = await Runner.StartAsync(Spec("sleep", "100"), Token);
        Assert.Null(await Runner.CollectAsync(run, Token));
        foreach (var (file, sign) in ((string, string)[])[("runner", ""), ("pgid", "-")])
        {
            var number = Encoding.ASCII.GetString((await Target.FetchAsync($"{run.StateDirectory}/{file}", 100, Token))!).Split(' ', '\n')[0];
            await Target.RunAsync(["sh", "-c", """kill -s KILL -- "$1" """, "sh", sign + number], new CommandOptions(Patience), Token);
        }

        await Processes.UntilAsync(() => Runner.WaitAsync(run, Patience, Token).Result == WorkloadState.Lost, Token);
    }

    [Fact]
    public async Task A_run_can_be_found_again_and_removed_when_it_has_ended()
    {
        var spec = Spec("sleep", "0.5");
        var run = await Runner.StartAsync(spec, Token);
        await Assert.ThrowsAsync<TargetException>(() => Runner.RemoveAsync(run, Token));

        var again = (await Runner.AttachAsync(spec.Run, Token))!;
        Assert.Equal(run.StateDirectory, again.StateDirectory);
        Assert.Equal(WorkloadState.Ended, await Runner.WaitAsync(again, Patience, Token));
        await Runner.RemoveAsync(again, Token);

        Assert.Null(await Runner.AttachAsync(spec.Run, Token));
    }

    [Fact]
    public async Task The_sync_pattern_plays_its_bits_and_stamps_its_edges()
    {
        var pattern = new PatternWorkload("1011001", TimeSpan.FromMilliseconds(200), Workers: 1);
        var run = await Runner.StartAsync(pattern.ToSpec($"sync-{Guid.NewGuid():N}", ClockHelpers.Bash), Token);
        await Runner.WaitAsync(run, Patience, Token);
        var record = await Collected(run);
        Assert.Equal((0, ""), (record.ExitCode, record.ErrorTail));

        var edges = await PatternWorkload.FetchEdgesAsync(Target, run, Token);

        Assert.Equal([true, false, true, false, true, false], edges.Select(edge => edge.Busy));
        Assert.All(edges, edge => Assert.True(edge.BeforeNs <= edge.AfterNs));
        Assert.True(edges.Zip(edges.Skip(1)).All(pair => pair.First.AfterNs <= pair.Second.BeforeNs));
        // 4 of 7 chips busy, each 0.2 s; a crowded machine gives less, but never more.
        Assert.InRange(record.CpuSeconds, 0.1, 1.4);
        Assert.InRange(edges[^1].AfterNs - edges[0].BeforeNs, 1_300_000_000, 10_000_000_000);
    }

    private protected async Task<WorkloadRecord> RunAsync(WorkloadSpec spec)
    {
        var run = await Runner.StartAsync(spec, Token);
        Assert.Equal(WorkloadState.Ended, await Runner.WaitAsync(run, Patience, Token));
        return await Collected(run);
    }

    private protected async Task<WorkloadRecord> Collected(WorkloadRun run) =>
        await Runner.CollectAsync(run, Token) ?? throw new InvalidOperationException("no record");
}
