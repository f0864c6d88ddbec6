using System.Globalization;

using MeterLab.Measurement.Clocks;

namespace MeterLab.Orchestrator.Targets;

/// <summary>A shell on the target that answers every line with its clock, and tells what that has cost.</summary>
public sealed class ClockChannel : IAsyncDisposable
{
    // A shell's own accounting without starting a process, which would cost more than what it counts.
    internal const string Loop = """
        while IFS= read -r meterlab_line; do
          case $meterlab_line in
          cost)
            meterlab_own= meterlab_child_ns= meterlab_stat=
            {
              read -r meterlab_own meterlab_rest </proc/$$/schedstat
              read -r meterlab_child_ns meterlab_rest </proc/${meterlab_child:-none}/schedstat
              read -r meterlab_stat </proc/$$/stat
            } 2>/dev/null
            printf '%s|%s|%s\n' "$meterlab_own" "$meterlab_child_ns" "$meterlab_stat" ;;
          *) meterlab_now; printf '%s\n' "$NOW" ;;
          esac
        done
        """;

    private const double TicksPerSecond = 100;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    private readonly ITarget _target;
    private readonly ITargetChannel _channel;

    internal ClockChannel(ITarget target, ITargetChannel channel, ClockHelper helper)
    {
        _target = target;
        _channel = channel;
        Helper = helper;
    }

    /// <summary>How the clock is read.</summary>
    public ClockHelper Helper { get; }

    /// <summary>One bracketed reading. Throws <see cref="TargetException"/> where none comes within 5 s.</summary>
    public async Task<SyncObservation> ProbeAsync(CancellationToken cancellationToken)
    {
        var reply = await _channel.ExchangeAsync("", Deadline, cancellationToken).ConfigureAwait(false);
        return TargetClock.TryParse(reply.Line, out var now)
            ? new SyncObservation(reply.BeforeNs, now, reply.AfterNs, Helper.ResolutionNs)
            : throw new TargetException(
                TargetFailure.Command, _target.Name, $"the clock helper {Helper.Name} answered '{reply.Line}' instead of nanoseconds");
    }

    /// <summary>
    /// CPU seconds that the helper has cost the target so far: its shell and a python or perl beside it to the nanosecond
    /// (/proc/PID/schedstat), processes started for single readings to 10 ms. Null where the target has no /proc. The part of
    /// sshd, about as much again, is not in it.
    /// </summary>
    public async Task<double?> CpuSecondsAsync(CancellationToken cancellationToken)
    {
        var reply = await _channel.ExchangeAsync("cost", Deadline, cancellationToken).ConfigureAwait(false);
        try
        {
            return Cost(reply.Line);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new TargetException(TargetFailure.Command, _target.Name, $"/proc answered '{reply.Line}'", e);
        }
    }

    internal static double? Cost(string line)
    {
        if (line.Split('|', 3) is not [var own, var child, var stat])
            throw new FormatException("three parts were expected");
        if (stat.Length == 0)
            return null;
        // proc_pid_stat(5): behind the name in brackets comes field 3; 14 to 17 are utime, stime, cutime, cstime in USER_HZ ticks.
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 15)
            throw new FormatException("this is not a line of /proc/PID/stat");
        var shell = own.Length > 0 ? Whole(own) / 1e9 : (Whole(fields[11]) + Whole(fields[12])) / TicksPerSecond;
        var beside = child.Length > 0 ? Whole(child) / 1e9 : 0;
        return shell + beside + (Whole(fields[13]) + Whole(fields[14])) / TicksPerSecond;
    }

    private static double Whole(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _channel.DisposeAsync();
}
