using MeterLab.Estimators;

namespace MeterLab.Orchestrator.Targets;

/// <summary>Looks up programs, files, Python modules and addresses on a target, all in one command.</summary>
internal static class TargetLookup
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    // Every need is four arguments: how, name, Python or what is expected, file of secrets. Expanding a pattern is the point of the unquoted
    // word; nothing else happens to it. An address is asked as the estimator will ask it.
    private const string Script = """
        IFS=
        ask() {
          command -v curl >/dev/null || { echo; return; }
          secrets=${HOME:-/}/.meterlab/$3
          if [ -n "$3" ] && [ -r "$secrets" ]; then
            text=$(curl -sS --fail --max-time 5 -K "$secrets" --url "$1" 2>&1)
          else
            text=$(curl -sS --fail --max-time 5 --url "$1" 2>&1)
          fi
          code=$?
          if [ "$code" != 0 ]; then printf 'no %s\n' "$(printf '%s' "$text" | head -n 1 | cut -c 1-200)"
          elif printf '%s\n' "$text" | grep -E -- "$2" >/dev/null; then printf 'yes %s\n' "$1"
          else echo 'no its answer does not hold what is expected'; fi
        }
        while [ $# -ge 4 ]; do
          case $1 in
          program) command -v -- "$2" || echo ;;
          module) if "$3" -c 'import importlib.util, sys; sys.exit(importlib.util.find_spec(sys.argv[1]) is None)' "$2" >/dev/null 2>&1; then echo "$2"; else echo; fi ;;
          address) ask "$2" "$3" "$4" ;;
          *)
            found=
            for file in $2; do
              if [ -r "$file" ]; then found="yes $file"; break; fi
              if [ -e "$file" ]; then found="denied $file"; fi
            done
            echo "$found" ;;
          esac
          shift 4
        done
        """;

    /// <summary>The answers; throws <see cref="TargetException"/> where the target does not answer.</summary>
    public static async Task<IReadOnlyDictionary<TargetNeed, LookupAnswer>> AskAsync(ITarget target, IReadOnlyList<TargetNeed> needs, CancellationToken cancellationToken)
    {
        var result = await target.RunAsync(
            ["sh", "-c", Script, "lookup", .. needs.SelectMany(need => (string[])[Word(need.Kind), need.Name, need.Kind == NeedKind.HttpAnswer ? need.Expected : need.Python ?? "python3", need.Secrets])],
            new CommandOptions(Deadline), cancellationToken).ConfigureAwait(false);
        var lines = result.Output.Split('\n');
        if (lines.Length <= needs.Count)
            throw new TargetException(TargetFailure.Command, target.Name, $"looking up what estimators need failed (exit {result.ExitCode}): {result.Error.Trim()}");
        return needs.Select((need, i) => (need, Answer(need, lines[i]))).ToDictionary();
    }

    private static LookupAnswer Answer(TargetNeed need, string line) => need.Kind switch
    {
        NeedKind.Program or NeedKind.PythonModule => new LookupAnswer(line.Length > 0, false, line),
        NeedKind.AbsentFile => new LookupAnswer(line.Length == 0, false, line),
        NeedKind.HttpAnswer when line.StartsWith("no ", StringComparison.Ordinal) => new LookupAnswer(false, false, line[3..]),
        _ when line.StartsWith("yes ", StringComparison.Ordinal) => new LookupAnswer(true, false, line[4..]),
        _ when line.StartsWith("denied ", StringComparison.Ordinal) => new LookupAnswer(false, true, line[7..]),
        _ => new LookupAnswer(false, false, ""),
    };

    private static string Word(NeedKind kind) => kind switch { NeedKind.Program => "program", NeedKind.PythonModule => "module", NeedKind.HttpAnswer => "address", _ => "file" };
}
