using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MeterLab.Measurement.Clocks;

/// <summary>The lab host's clocks as Linux keeps them (clock_gettime(2)). Named only where a program is composed.</summary>
public sealed partial class SystemHostClock : IHostClock
{
    private const int Realtime = 0;
    private const int MonotonicRaw = 4;

    /// <inheritdoc/>
    // On Linux a Stopwatch reads CLOCK_MONOTONIC in nanoseconds, without a transition out of managed code that we pay for twice.
    public long MonotonicNs => Stopwatch.GetTimestamp();

    /// <inheritdoc/>
    public HostAnchor Anchor()
    {
        // The quickest of a few: a preempted bracket would tie UTC to the line with needless doubt.
        var best = Once();
        for (var i = 0; i < 4; i++)
        {
            var next = Once();
            if (next.MonotonicAfterNs - next.MonotonicBeforeNs < best.MonotonicAfterNs - best.MonotonicBeforeNs)
                best = next;
        }

        return best;
    }

    private HostAnchor Once()
    {
        var before = MonotonicNs;
        var raw = Read(MonotonicRaw);
        var utc = Read(Realtime);
        return new HostAnchor(before, raw, utc, MonotonicNs);
    }

    private static long Read(int clock)
    {
        if (ClockGetTime(clock, out var time) != 0)
            throw new InvalidOperationException($"clock_gettime({clock}) failed with errno {Marshal.GetLastPInvokeError()}.");
        return time.Seconds * 1_000_000_000L + time.Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ClockGetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
