using System.Globalization;

namespace MeterLab.Benchmarks.Night;

/// <summary>What this process took of memory, as the kernel counts it (proc(5)).</summary>
internal static class ProcessMemory
{
    /// <summary>The largest resident set so far, bytes: managed and native, everything.</summary>
    public static double PeakResidentBytes()
    {
        const string Key = "VmHWM:";
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(Key, StringComparison.Ordinal));
        return 1024 * double.Parse(line[Key.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }
}
