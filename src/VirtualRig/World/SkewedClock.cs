using System.Globalization;

using MeterLab.Measurement.Clocks;
using MeterLab.Orchestrator.Targets;

namespace MeterLab.VirtualRig.World;

/// <summary>How wrong a virtual target's clock is.</summary>
/// <param name="OffsetNs">Target minus UTC of the lab host when the clock is made, ns.</param>
/// <param name="RatePpb">How much too fast it runs, parts in 1e9; within +/- 10^7.</param>
/// <param name="WanderNs">Amplitude of a slow drift on top, ns, at most 10 ms; 0 for none.</param>
/// <param name="WanderPeriodSeconds">Period of that drift, at least 10 s.</param>
public sealed record ClockError(long OffsetNs = 0, long RatePpb = 0, long WanderNs = 0, int WanderPeriodSeconds = 120);

/// <summary>
/// A target's wrong clock, played on this machine's real-time clock: T = utc + offset + rate (utc - utc0) + slow drift (arches of a
/// parabola, which integers can compute). The shell snippet and this class do the same integer arithmetic, to the nanosecond.
/// <para>
/// The way back to the lab's line goes through one anchor taken at creation. Linux slews CLOCK_REALTIME and CLOCK_MONOTONIC together, so
/// their difference changes only when UTC is stepped; a step makes the way back unknown, which <see cref="HostStepped"/> tells.
/// </para>
/// </summary>
public sealed class SkewedClock
{
    private const long Arch = 100_000;
    private const long StepToleranceNs = 200_000;
    private readonly IHostClock _clock;
    private readonly ClockError _error;
    private readonly long _utc0;
    private readonly long _utcMinusMonotonic;

    /// <summary>Makes the clock; its error begins now.</summary>
    public SkewedClock(IHostClock clock, ClockError error)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(error);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Abs(error.RatePpb), 10_000_000);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Abs(error.WanderNs), 10_000_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(error.WanderPeriodSeconds, 10);
        _clock = clock;
        _error = error;
        var anchor = clock.Anchor();
        _utc0 = anchor.UtcNs;
        _utcMinusMonotonic = anchor.UtcNs - anchor.MonotonicNs;
    }

    /// <summary>Whether the lab host's UTC was stepped since the clock was made (0.2 ms or more): then nothing is known any more.</summary>
    public bool HostStepped
    {
        get
        {
            var anchor = _clock.Anchor();
            return Math.Abs(anchor.UtcNs - anchor.MonotonicNs - _utcMinusMonotonic) > StepToleranceNs;
        }
    }

    /// <summary>What the target's clock says when the lab host's UTC is this, ns since 1970.</summary>
    public long TargetFromUtc(long utcNs)
    {
        var microseconds = (utcNs - _utc0) / 1000;
        return utcNs + _error.OffsetNs + microseconds * _error.RatePpb / 1_000_000 + Wander(microseconds);
    }

    /// <summary>What the target's clock says at an instant of the lab's line (host monotonic, ns).</summary>
    public long TargetFromHost(long monotonicNs) => TargetFromUtc(monotonicNs + _utcMinusMonotonic);

    /// <summary>The instant of the lab's line (host monotonic, ns) at which the target's clock says this.</summary>
    public long HostFromTarget(long targetNs)
    {
        // T is strictly increasing and nearly parallel to UTC: each turn reduces the error a hundredfold or more.
        var utc = targetNs - _error.OffsetNs;
        for (var turn = 0; turn < 16; turn++)
        {
            var miss = targetNs - TargetFromUtc(utc);
            if (miss == 0)
                break;
            utc += miss;
        }

        return utc - _utcMinusMonotonic;
    }

    /// <summary>
    /// The shell's way to read this clock. In bash no process is started (EPOCHREALTIME, 1 us); any other POSIX shell calls date(1).
    /// </summary>
    public ClockHelper Helper()
    {
        var bash = File.Exists("/bin/bash") || File.Exists("/usr/bin/bash");
        IReadOnlyList<string> shell = bash ? ["bash", "--norc", "--noprofile"] : ["sh"];
        return new ClockHelper("virtual", shell, Snippet(), bash ? 1000 : 1);
    }

    internal string Snippet()
    {
        var wander = _error.WanderNs == 0
            ? "  _m_w=0"
            : Text($$"""
                _m_p=$(( _m_d % {{PeriodUs}} ))
                if [ "$_m_p" -lt 0 ]; then _m_p=$(( _m_p + {{PeriodUs}} )); fi
                _m_s={{_error.WanderNs}}
                if [ "$_m_p" -ge {{HalfUs}} ]; then _m_p=$(( _m_p - {{HalfUs}} )); _m_s=$(( 0 - _m_s )); fi
                _m_x=$(( _m_p * {{Arch}} / {{HalfUs}} ))
                _m_w=$(( 4 * _m_s * ( _m_x * ( {{Arch}} - _m_x ) / {{Arch}} ) / {{Arch}} ))
              """);
        return Text($$"""
            meterlab_now() {
              if [ -n "${EPOCHREALTIME:-}" ]; then
                _m_n=$EPOCHREALTIME
                _m_n=${_m_n%[.,]*}${_m_n#*[.,]}000
              else
                _m_n=$(date +%s%N)
              fi
              _m_d=$(( ( _m_n - {{_utc0}} ) / 1000 ))
            {{wander}}
              NOW=$(( _m_n + {{_error.OffsetNs}} + _m_d * {{_error.RatePpb}} / 1000000 + _m_w ))
            }
            """) + "\n";
    }

    private long PeriodUs => _error.WanderPeriodSeconds * 1_000_000L;

    private long HalfUs => PeriodUs / 2;

    /// <summary>Arches of a parabola, alternately up and down. Integer division truncates here and in a shell alike.</summary>
    private long Wander(long microseconds)
    {
        if (_error.WanderNs == 0)
            return 0;
        var place = microseconds % PeriodUs;
        if (place < 0)
            place += PeriodUs;
        var sign = _error.WanderNs;
        if (place >= HalfUs)
        {
            place -= HalfUs;
            sign = -sign;
        }

        var x = place * Arch / HalfUs;
        return 4 * sign * (x * (Arch - x) / Arch) / Arch;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
