using System.Globalization;
using System.Text;

namespace MeterLab.Orchestrator.Targets;

/// <summary>
/// Runs workloads on a target under runner.sh, which outlives this process: start, wait, stop, find again, collect. Every method
/// throws <see cref="TargetException"/> where the target does not do as asked.
/// </summary>
public sealed class WorkloadRunner(ITarget target, TimeProvider? time = null)
{
    private const int MaxRecord = 64 * 1024;
    private static readonly TimeSpan Command = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>
    /// Prepares the state folder, starts the estimators beside the workload, waits until they measure, and starts the workload. Returns
    /// once it is under way. Throws <see cref="ArgumentException"/> for a spec that cannot be.
    /// </summary>
    public async Task<WorkloadRun> StartAsync(WorkloadSpec spec, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spec);
        WorkloadSpecs.Check(spec);
        var run = await PrepareAsync(spec, cancellationToken).ConfigureAwait(false);
        var started = new List<string>();
        try
        {
            foreach (var companion in spec.Companions)
            {
                await LaunchAsync(WorkloadSpecs.Companion(spec, run, companion), cancellationToken).ConfigureAwait(false);
                started.Add(companion.Name);
            }

            await new CompanionStart(target, _time).WaitAsync(spec, run, cancellationToken).ConfigureAwait(false);
            await LaunchAsync(WorkloadSpecs.Workload(spec, run), cancellationToken).ConfigureAwait(false);
            return run;
        }
        catch
        {
            // Nothing may go on measuring, or heating the machine, for a run that did not begin.
            foreach (var name in started)
                await StopStateAsync(run.CompanionDirectory(name), "KILL", TimeSpan.Zero, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Finds a run again by its name; null where the target knows no such run.</summary>
    public async Task<WorkloadRun?> AttachAsync(string run, CancellationToken cancellationToken)
    {
        const string Script = """
            cd "$1" 2>/dev/null || exit 44
            pwd
            for companion in estimators/*/; do [ -d "$companion" ] && echo "$companion"; done
            exit 0
            """;
        WorkloadSpecs.CheckName(run);
        var result = await target.RunAsync(
            ["sh", "-c", Script, "attach", WorkloadSpecs.Base + run], new CommandOptions(Command), cancellationToken).ConfigureAwait(false);
        if (result.ExitCode == 44)
            return null;
        var lines = Succeeded(result, "looking for the run").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return new WorkloadRun(run, lines[0], [.. lines.Skip(1).Select(line => line.Split('/')[1])]);
    }

    /// <summary>
    /// Waits until a run has ended or is lost, asking ever more rarely (0.1 s to 5 s) over one channel. A link that fails is opened again
    /// until nothing was heard for <paramref name="patience"/>; then the last failure is thrown. The workload goes on meanwhile.
    /// </summary>
    public Task<WorkloadState> WaitAsync(WorkloadRun run, TimeSpan patience, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        return WaitStateAsync(run.StateDirectory, patience, cancellationToken);
    }

    /// <summary>
    /// As <see cref="WaitAsync(WorkloadRun, TimeSpan, CancellationToken)"/>, and throws where the supervisor, which keeps the program's time limit
    /// itself, has told nothing by <paramref name="longest"/>: then it is the supervisor that hangs.
    /// </summary>
    public async Task<WorkloadState> WaitAsync(WorkloadRun run, TimeSpan patience, TimeSpan longest, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(longest, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await WaitAsync(run, patience, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failure(TargetFailure.TimedOut, $"the run {run.Run} has not ended {longest.TotalSeconds:0} s after its start, beyond its own time limit: its supervisor hangs; look into {run.StateDirectory}");
        }
    }

    /// <summary>Asks a run to end (TERM to its group), and kills it after <paramref name="grace"/>. Returns once its record is written.</summary>
    public Task StopAsync(WorkloadRun run, TimeSpan grace, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        return StopStateAsync(run.StateDirectory, "TERM", grace, cancellationToken);
    }

    /// <summary>
    /// Waits until an estimator beside a run has written its file; kills it after <paramref name="stopTime"/>. False where it had to
    /// be killed, and its file may be incomplete. The runner has sent the stop signal already, at the workload's end.
    /// </summary>
    public async Task<bool> FinishCompanionAsync(WorkloadRun run, string companion, TimeSpan stopTime, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        var state = run.CompanionDirectory(companion);
        using var limit = new CancellationTokenSource(stopTime, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await WaitStateAsync(state, stopTime, either.Token).ConfigureAwait(false) == WorkloadState.Ended;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await StopStateAsync(state, "KILL", TimeSpan.FromSeconds(1), cancellationToken).ConfigureAwait(false);
            return false;
        }
    }

    /// <summary>Fetches the record of a run that has ended; null where there is none (lost, or still running).</summary>
    public Task<WorkloadRecord?> CollectAsync(WorkloadRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        return CollectStateAsync(run.StateDirectory, cancellationToken);
    }

    /// <summary>Fetches the record of an estimator beside a run; null where there is none.</summary>
    public Task<WorkloadRecord?> CollectCompanionAsync(WorkloadRun run, string companion, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        return CollectStateAsync(run.CompanionDirectory(companion), cancellationToken);
    }

    /// <summary>Removes a run's folder from the target. Refuses while it runs.</summary>
    public async Task RemoveAsync(WorkloadRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        foreach (var state in (string[])[run.StateDirectory, .. run.Companions.Select(run.CompanionDirectory)])
        {
            if (await AskOnceAsync(run.StateDirectory, state, cancellationToken).ConfigureAwait(false) == WorkloadState.Running)
                throw Failure(TargetFailure.Command, $"the run {run.Run} is still under way; stop it before removing it");
        }

        // The name was checked and the path is the target's own answer: nothing above the run can be meant.
        WorkloadSpecs.CheckName(run.Run);
        var result = await target.RunAsync(
            ["rm", "-rf", WorkloadSpecs.Base + run.Run], new CommandOptions(Command), cancellationToken).ConfigureAwait(false);
        Succeeded(result, "removing the run's folder");
    }

    private async Task<WorkloadRun> PrepareAsync(WorkloadSpec spec, CancellationToken cancellationToken)
    {
        const string Script = """
            umask 077
            mkdir -p "$1" && cd "$1" && mkdir "$2" && cd "$2" && shift 2 && mkdir -p work "$@" && pwd
            """;
        var companions = spec.Companions.Select(companion => companion.Name).ToArray();
        string[] folders =
        [
            .. companions.Select(name => $"estimators/{name}/work"),
            .. spec.Uploads.Select(upload => Path.GetDirectoryName("work/" + upload.Path)!),
        ];
        var result = await target.RunAsync(
            ["sh", "-c", Script, "prepare", WorkloadSpecs.Base.TrimEnd('/'), spec.Run, .. folders], new CommandOptions(Command), cancellationToken)
            .ConfigureAwait(false);
        var run = new WorkloadRun(spec.Run, Succeeded(result, "making the run's folder").TrimEnd('\n'), companions);
        var state = run.StateDirectory;
        await target.UploadAsync(RunnerScripts.Runner, $"{state}/runner.sh", WorkloadUpload.Executable, cancellationToken).ConfigureAwait(false);
        if (spec.Companions.Any(companion => companion.Launch.UsesSampler))
            await target.UploadAsync(RunnerScripts.Sampler, $"{state}/sampler.sh", WorkloadUpload.Executable, cancellationToken).ConfigureAwait(false);
        var clock = Encoding.UTF8.GetBytes(spec.Helper.Snippet + "\n");
        foreach (var folder in (string[])[state, .. companions.Select(run.CompanionDirectory)])
            await target.UploadAsync(clock, $"{folder}/clock.sh", WorkloadUpload.Executable, cancellationToken).ConfigureAwait(false);
        if (spec.Script is { } script)
        {
            await target.UploadAsync(Encoding.UTF8.GetBytes(script), $"{state}/script", WorkloadUpload.Executable, cancellationToken)
                .ConfigureAwait(false);
        }

        foreach (var upload in spec.Uploads)
            await target.UploadAsync(upload.Content, $"{state}/work/{upload.Path}", upload.Mode, cancellationToken).ConfigureAwait(false);
        return run;
    }

    private async Task LaunchAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        var result = await target.RunAsync(command, new CommandOptions(Command), cancellationToken).ConfigureAwait(false);
        Succeeded(result, "starting the program");
    }

    private async Task<WorkloadState> WaitStateAsync(string state, TimeSpan patience, CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        var heard = _time.GetTimestamp();
        var begun = heard;
        while (true)
        {
            try
            {
                await using var channel = await OpenWatchAsync(state, cancellationToken).ConfigureAwait(false);
                while (true)
                {
                    var answer = await AskAsync(channel, cancellationToken).ConfigureAwait(false);
                    if (answer != WorkloadState.Running)
                        return answer;
                    heard = _time.GetTimestamp();
                    await Task.Delay(pause, _time, cancellationToken).ConfigureAwait(false);
                    // An end is seen within a tenth of what the run took, and a night costs a few hundred questions.
                    var tenth = _time.GetElapsedTime(begun) / 10;
                    pause = tenth < FirstPause ? FirstPause : tenth < LongestPause ? tenth : LongestPause;
                }
            }
            catch (TargetException e) when (MayPass(e) && _time.GetElapsedTime(heard) < patience)
            {
                await Task.Delay(LongestPause, _time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static bool MayPass(TargetException failure) =>
        failure.Failure is TargetFailure.Disconnected or TargetFailure.TimedOut or TargetFailure.Unreachable;

    private async Task<WorkloadState> AskOnceAsync(string runState, string state, CancellationToken cancellationToken)
    {
        await using var channel = await target.OpenChannelAsync(["sh", $"{runState}/runner.sh", "watch", state], cancellationToken)
            .ConfigureAwait(false);
        return await AskAsync(channel, cancellationToken).ConfigureAwait(false);
    }

    private Task<ITargetChannel> OpenWatchAsync(string state, CancellationToken cancellationToken) =>
        target.OpenChannelAsync(["sh", WorkloadSpecs.RunnerOf(state), "watch", state], cancellationToken);

    private async Task<WorkloadState> AskAsync(ITargetChannel channel, CancellationToken cancellationToken)
    {
        var reply = await channel.ExchangeAsync("?", Heartbeat, cancellationToken).ConfigureAwait(false);
        return reply.Line switch
        {
            "running" => WorkloadState.Running,
            "ended" => WorkloadState.Ended,
            "lost" => WorkloadState.Lost,
            var other => throw Failure(TargetFailure.Command, $"the runner answered '{other}'"),
        };
    }

    private async Task StopStateAsync(string state, string signal, TimeSpan grace, CancellationToken cancellationToken)
    {
        var seconds = (int)Math.Ceiling(grace.TotalSeconds);
        var result = await target.RunAsync(
            ["sh", WorkloadSpecs.RunnerOf(state), "stop", state, signal, seconds.ToString(CultureInfo.InvariantCulture)],
            new CommandOptions(Command + TimeSpan.FromSeconds(seconds)), cancellationToken).ConfigureAwait(false);
        Succeeded(result, "stopping the run");
    }

    private async Task<WorkloadRecord?> CollectStateAsync(string state, CancellationToken cancellationToken)
    {
        var bytes = await target.FetchAsync($"{state}/record", MaxRecord, cancellationToken).ConfigureAwait(false);
        if (bytes is null)
            return null;
        try
        {
            return WorkloadRecordFile.Parse(Encoding.UTF8.GetString(bytes)) with
            {
                OutputTail = await TailAsync($"{state}/stdout", cancellationToken).ConfigureAwait(false),
                ErrorTail = await TailAsync($"{state}/stderr", cancellationToken).ConfigureAwait(false),
                Log = await TailAsync($"{state}/log", cancellationToken).ConfigureAwait(false),
            };
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw Failure(TargetFailure.Command, $"the record {state}/record makes no sense: {e.Message}");
        }
    }

    private async Task<string> TailAsync(string path, CancellationToken cancellationToken)
    {
        var result = await target.RunAsync(["tail", "-c", "65536", path], new CommandOptions(Command), cancellationToken).ConfigureAwait(false);
        return Succeeded(result, $"reading {path}");
    }

    private string Succeeded(CommandResult result, string doing) =>
        result.ExitCode == 0
            ? result.Output
            : throw Failure(TargetFailure.Command, $"{doing} failed (exit {result.ExitCode}): {result.Error.Trim()}");

    private TargetException Failure(TargetFailure failure, string message) => new(failure, target.Name, message);
}
