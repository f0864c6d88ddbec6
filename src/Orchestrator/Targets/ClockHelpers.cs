namespace MeterLab.Orchestrator.Targets;

/// <summary>
/// The ways a POSIX machine tells the time to a shell, quickest first. Each defines <c>meterlab_now</c>; python and perl are asked
/// through two pipes that stay open, so that a reading starts no process.
/// </summary>
internal static class ClockHelpers
{
    // EPOCHREALTIME has six digits behind the locale's decimal sign (bash 5.0 and later).
    private const string BashSnippet = """meterlab_now() { NOW=${EPOCHREALTIME/[!0-9]/}000; }""";

    private const string PythonProgram = """
        import sys, time
        for _ in sys.stdin:
            print(time.time_ns(), flush=True)
        """;

    // gettimeofday gives two whole numbers; time() would round to a double's 256 ns.
    private const string PerlProgram = """$| = 1; while (<STDIN>) { printf "%d%06d000\n", Time::HiRes::gettimeofday() }""";

    /// <summary>bash 5: a variable.</summary>
    public static ClockHelper Bash { get; } = new("bash", ["bash", "--norc", "--noprofile"], BashSnippet, 1000);

    /// <summary>Python 3.7 or later.</summary>
    public static ClockHelper Python { get; } =
        new("python3", ["sh"], Piped($"python3 -u -S -c {ShellWords.Quote([PythonProgram])}"), 1);

    /// <summary>Perl with Time::HiRes, which is part of it.</summary>
    public static ClockHelper Perl { get; } =
        new("perl", ["sh"], Piped($"perl -MTime::HiRes -e {ShellWords.Quote([PerlProgram])}"), 1000);

    /// <summary>A date that knows nanoseconds; a process a reading.</summary>
    public static ClockHelper Date { get; } = new("date", ["sh"], """meterlab_now() { NOW=$(date +%s%N); }""", 1, StartsProcess: true);

    /// <summary>busybox adjtimex, which prints the kernel's own time stamp; a process a reading.</summary>
    public static ClockHelper Busybox { get; } = new("busybox", ["sh"], """
        meterlab_now() {
          meterlab_text=$(busybox adjtimex)
          meterlab_s=${meterlab_text##*time.tv_sec:}; meterlab_s=${meterlab_s%%time.tv_usec*}
          meterlab_us=${meterlab_text##*time.tv_usec:}; meterlab_us=${meterlab_us%%return*}
          NOW=$(printf '%d%06d000' $meterlab_s $meterlab_us)
        }
        """, 1000, StartsProcess: true);

    /// <summary>A date that knows seconds only.</summary>
    public static ClockHelper DateSeconds { get; } =
        new("date", ["sh"], """meterlab_now() { NOW=$(date +%s)000000000; }""", 1_000_000_000, StartsProcess: true);

    /// <summary>All, in order of preference.</summary>
    public static IReadOnlyList<ClockHelper> All { get; } = [Bash, Python, Perl, Date, Busybox, DateSeconds];

    // The folder of the two pipes is gone as soon as both sides have them open; the program ends with the shell that holds them.
    private static string Piped(string program) => $$"""
        meterlab_pipes=$(mktemp -d) && mkfifo "$meterlab_pipes/ask" "$meterlab_pipes/tell" || exit 1
        {{program}} <"$meterlab_pipes/ask" >"$meterlab_pipes/tell" 8>&- 9>&- &
        meterlab_child=$!
        exec 8>"$meterlab_pipes/ask" 9<"$meterlab_pipes/tell"
        rm -rf "$meterlab_pipes"
        meterlab_now() { echo >&8; read -r NOW <&9; }
        """;
}
