using System.Runtime.InteropServices;

namespace MeterLab.VirtualRig.World;

/// <summary>
/// The CPU time of any process in one system call: all its threads, ended ones included, exact to the nanosecond and up to date
/// while they run (clock_getcpuclockid(3)). /proc/PID/schedstat knows the leading thread only, and lags by a scheduler tick.
/// </summary>
internal static partial class ProcessClock
{
    /// <summary>CPU time in ns; false when there is no such process any more.</summary>
    public static bool TryRead(int pid, out long nanoseconds)
    {
        // Linux packs "CPU clock of the whole process, as the scheduler counts it" like this (include/linux/posix-timers.h).
        var ok = ClockGetTime((~pid << 3) | 2, out var time) == 0;
        nanoseconds = ok ? time.Seconds * 1_000_000_000L + time.Nanoseconds : 0;
        return ok;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ClockGetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
