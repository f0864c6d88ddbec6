using System.Globalization;

using MeterLab.Measurement;

namespace MeterLab.Orchestrator.Targets;

/// <summary>
/// What of a target must not change while one run lasts: its boot, and how long it has slept. A stamp from before a reboot or a
/// suspension and one from after do not belong together, whatever its clock says.
/// </summary>
/// <param name="BootId">The boot; null where the target does not tell.</param>
/// <param name="SuspendedS">
/// Seconds that it has been suspended since its boot: its uptime (CLOCK_BOOTTIME) less CLOCK_MONOTONIC, which stands still meanwhile. The two
/// are read one after the other and the uptime to 10 ms. Null where neither perl nor python3 is there to read the second.
/// </param>
/// <param name="Suspends">How often it has been suspended since its boot, by the kernel's own count; null where it does not count.</param>
public sealed record TargetState(string? BootId, double? SuspendedS, long? Suspends)
{
    // A quick look at the cheaper one first. Two readings some 10 ms apart disagree by far less than any sleep lasts.
    private const string Script = """
        first() { { read -r said <"$1"; } 2>/dev/null && echo "$said" || echo; }
        first /proc/sys/kernel/random/boot_id
        first /sys/power/suspend_stats/success
        perl -MTime::HiRes=clock_gettime -e 'open F, "/proc/uptime" or exit 1; printf "%s %.6f\n", (split " ", <F>)[0], clock_gettime(1)' 2>/dev/null ||
          python3 -S -c 'import time; print(open("/proc/uptime").read().split()[0], "%.6f" % time.clock_gettime(time.CLOCK_MONOTONIC))' 2>/dev/null || echo
        """;

    // Below this the two clocks are the same one, read twice on a busy machine.
    private const double LeastSleepS = 0.5;

    // A clock that is slewed while the other is not drifts from it by no more than this.
    private const double MostSlew = 1e-3;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    /// <summary>Asks the target, in one command. Throws <see cref="TargetException"/>.</summary>
    public static async Task<TargetState> ReadAsync(ITarget target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        var result = await target.RunAsync(["sh", "-c", Script], new CommandOptions(Deadline), cancellationToken).ConfigureAwait(false);
        return Parse(result.Output);
    }

    /// <summary>
    /// What happened between an earlier state and this one that makes a run between them invalid; null where nothing did, or where the
    /// target does not tell.
    /// </summary>
    /// <param name="before">The earlier state.</param>
    /// <param name="elapsedS">The time between the two, s of the lab's line.</param>
    public Finding? Since(TargetState before, double elapsedS)
    {
        ArgumentNullException.ThrowIfNull(before);
        if (BootId is not null && before.BootId is not null && BootId != before.BootId)
        {
            return new Finding("rebooted", Severity.Invalid,
                $"The target was rebooted during the run (boot {Short(before.BootId)} before, {Short(BootId)} after); its stamps do not belong together.");
        }

        if (Suspends is { } times && before.Suspends is { } timesBefore && times > timesBefore)
            return new Finding("suspended", Severity.Invalid, $"The target was suspended {times - timesBefore} times during the run, says its kernel.");
        return SuspendedS - before.SuspendedS is { } slept && slept > LeastSleepS + MostSlew * elapsedS
            ? new Finding("suspended", Severity.Invalid, FormattableString.Invariant(
                $"The target slept for {slept:0.0} s during the run: its uptime went on while its monotonic clock stood still."))
            : null;
    }

    internal static TargetState Parse(string text)
    {
        var lines = text.Split('\n');
        string? Line(int at) => at < lines.Length && lines[at].Trim() is { Length: > 0 } said ? said : null;
        double? slept = Line(2)?.Split(' ') is [var up, var now] && Seconds(up) is { } uptime && Seconds(now) is { } monotonic
            ? Math.Max(0, uptime - monotonic)
            : null;
        return new TargetState(
            Line(0), slept, long.TryParse(Line(1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null);
    }

    // A locale may write a comma.
    private static double? Seconds(string text) =>
        double.TryParse(text.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) ? seconds : null;

    private static string Short(string boot) => boot.Length <= 8 ? boot : boot[..8];
}
