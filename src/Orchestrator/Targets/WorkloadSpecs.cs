using System.Globalization;

using MeterLab.Estimators;

namespace MeterLab.Orchestrator.Targets;

/// <summary>Checks specs and puts them into runner.sh's arguments. Nothing here is text for a shell; it is all single arguments.</summary>
internal static class WorkloadSpecs
{
    /// <summary>Where runs lie, relative to the account's home.</summary>
    public const string Base = ".meterlab/runs/";

    /// <summary>Time for an estimator to write its file when the workload used its limit up.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    /// <summary>Throws <see cref="ArgumentException"/> for a spec that cannot be run.</summary>
    public static void Check(WorkloadSpec spec)
    {
        CheckName(spec.Run);
        if (spec.Command.Count == 0 == spec.Script is null)
            throw new ArgumentException("a workload is either a command or a script");
        if (spec.Command.Count > 0)
            CheckProgram(spec.Command);
        if (spec.Timeout <= TimeSpan.Zero)
            throw new ArgumentException("a workload needs a time limit above zero");
        if (spec.WorkingDirectory is { } folder && !folder.StartsWith('/'))
            throw new ArgumentException($"the working directory '{folder}' is not an absolute path");
        foreach (var upload in spec.Uploads)
            CheckRelative(upload.Path);
        foreach (var companion in spec.Companions)
        {
            CheckName(companion.Name);
            CheckProgram(companion.Launch.Command);
            if (companion.Launch.StopSignal is not ("TERM" or "INT" or EstimatorLaunch.NoSignal))
                throw new ArgumentException($"the stop signal of {companion.Name} is '{companion.Launch.StopSignal}', not TERM, INT or {EstimatorLaunch.NoSignal}");
        }
    }

    /// <summary>Throws <see cref="ArgumentException"/> where a name is not safe as a folder's.</summary>
    public static void CheckName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var safe = name.Length is > 0 and <= 128 && char.IsAsciiLetterOrDigit(name[0])
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
        if (!safe)
            throw new ArgumentException($"'{name}' cannot name a run: letters, digits, '.', '-' and '_', beginning with a letter or digit");
    }

    /// <summary>Throws <see cref="ArgumentException"/> where a path could lead out of its folder.</summary>
    public static void CheckRelative(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var parts = path.Split('/');
        if (path.Length > 1024 || path.Any(char.IsControl) || parts.Any(part => part is "" or "." or ".."))
            throw new ArgumentException($"'{path}' is not a plain path below its folder");
    }

    /// <summary>The words that start the workload.</summary>
    public static IReadOnlyList<string> Workload(WorkloadSpec spec, WorkloadRun run)
    {
        var state = run.StateDirectory;
        var command = spec.Script is null ? spec.Command : ["sh", $"{state}/script"];
        string[] options =
        [
            "-t", Seconds(spec.Timeout), "-g", Seconds(spec.Grace), "-o", spec.MaxOutputBytes.ToString(CultureInfo.InvariantCulture),
            .. spec.WorkingDirectory is { } folder ? (string[])["-d", folder] : [],
            .. spec.Companions.SelectMany(companion => (string[])["-c", $"estimators/{companion.Name}={Signal(companion.Launch)}"]),
        ];
        return Start(spec.Helper, state, options, spec.Environment, command);
    }

    /// <summary>The words that start an estimator beside it, which ends by itself should the workload never begin.</summary>
    public static IReadOnlyList<string> Companion(WorkloadSpec spec, WorkloadRun run, WorkloadCompanion companion)
    {
        var launch = companion.Launch;
        var limit = spec.Timeout + spec.Grace + TimeSpan.FromSeconds(launch.StartTimeS + launch.StopTimeS) + Margin;
        string[] options =
        [
            "-t", Seconds(limit), "-g", Seconds(TimeSpan.FromSeconds(launch.StopTimeS)),
            "-o", spec.MaxOutputBytes.ToString(CultureInfo.InvariantCulture), "-h", "own",
        ];
        return Start(spec.Helper, run.CompanionDirectory(companion.Name), options, launch.Environment, launch.Command);
    }

    /// <summary>runner.sh for a state folder: it lies in the run's own, two above an estimator's.</summary>
    public static string RunnerOf(string state)
    {
        var parts = state.Split('/');
        return parts.Length > 2 && parts[^2] == "estimators" ? $"{string.Join('/', parts[..^2])}/runner.sh" : $"{state}/runner.sh";
    }

    // Signal 0 reaches nobody: the mark that the runner sets before it is what ends the holder.
    private static string Signal(EstimatorLaunch launch) => launch.StopSignal == EstimatorLaunch.NoSignal ? "0" : launch.StopSignal;

    private static IReadOnlyList<string> Start(
        ClockHelper helper, string state, string[] options, IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> command)
    {
        var runner = RunnerOf(state);
        return
        [
            "sh", runner, "start", state, .. helper.Shell, runner, "run", state, .. options,
            "--", .. environment.Select(pair => ShellWords.Variable(pair.Key, pair.Value)), "--", .. command,
        ];
    }

    private static void CheckProgram(IReadOnlyList<string> command)
    {
        if (command.Count == 0 || command[0].Length == 0 || command[0].StartsWith('-'))
            throw new ArgumentException("a command begins with a program, and that does not begin with a hyphen");
        foreach (var word in command)
            ShellWords.CheckArgument(word);
    }

    private static string Seconds(TimeSpan time) =>
        Math.Max(1, (long)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
