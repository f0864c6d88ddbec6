namespace MeterLab.Orchestrator.Targets;

/// <summary>
/// How a shell on a target tells its real-time clock. The snippet defines a shell function <c>meterlab_now</c> that sets the
/// variable <c>NOW</c> to nanoseconds since 1970 without starting a process where that is possible.
/// </summary>
/// <param name="Name">bash, python3, perl, busybox, date, or virtual.</param>
/// <param name="Shell">The shell to run it in, with arguments that keep start-up files out: <c>bash --norc --noprofile</c>.</param>
/// <param name="Snippet">The definition of <c>meterlab_now</c>.</param>
/// <param name="ResolutionNs">The reading's resolution, ns.</param>
/// <param name="StartsProcess">Whether every reading starts a process, which costs the target a hundred times more than one that does not.</param>
public sealed record ClockHelper(string Name, IReadOnlyList<string> Shell, string Snippet, long ResolutionNs, bool StartsProcess = false);
