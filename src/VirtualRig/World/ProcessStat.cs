using System.Buffers.Text;
using System.Globalization;
using System.IO.Enumeration;

namespace MeterLab.VirtualRig.World;

/// <summary>What the world needs from /proc/PID/stat (proc_pid_stat(5)).</summary>
/// <param name="Parent">Process id of the parent.</param>
/// <param name="Group">Process group.</param>
/// <param name="Session">Session.</param>
/// <param name="OwnTicks">utime + stime, 10 ms each.</param>
/// <param name="ChildTicks">cutime + cstime of children that were waited for, 10 ms each.</param>
/// <param name="StartTicks">When it started: tells a process from a later one of the same number.</param>
internal readonly record struct ProcessStat(int Parent, int Group, int Session, long OwnTicks, long ChildTicks, long StartTicks)
{
    /// <summary>USER_HZ is 100 on every architecture that .NET runs on.</summary>
    public const long TickNs = 10_000_000;

    // Skipping nothing by attribute saves a system call an entry.
    private static readonly EnumerationOptions EveryEntry = new() { AttributesToSkip = 0 };

    /// <summary>Reads one process; false when it is gone.</summary>
    public static bool TryRead(int pid, out ProcessStat stat)
    {
        stat = default;
        Span<byte> text = stackalloc byte[1024];
        int length;
        try
        {
            using var file = File.OpenHandle(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            length = RandomAccess.Read(file, text, 0);
        }
        catch (IOException)
        {
            // It ended between the listing and the reading, or while being read (ESRCH).
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            // Hidden from this user (hidepid): not one of ours.
            return false;
        }

        return TryParse(text[..length], out stat);
    }

    /// <summary>The ids of all processes.</summary>
    public static IEnumerable<int> List() =>
        new FileSystemEnumerable<int>("/proc", static (ref entry) => Number(entry.FileName), EveryEntry)
        {
            ShouldIncludePredicate = static (ref entry) => Number(entry.FileName) > 0,
        };

    /// <summary>The number given to the newest process: while it stays, there is no new one. -1 where it cannot be told.</summary>
    public static int Newest()
    {
        Span<byte> text = stackalloc byte[128];
        using var file = File.OpenHandle("/proc/loadavg");
        var line = text[..RandomAccess.Read(file, text, 0)].TrimEnd((byte)'\n');
        return Utf8Parser.TryParse(line[(line.LastIndexOf((byte)' ') + 1)..], out int number, out _) ? number : -1;
    }

    internal static bool TryParse(ReadOnlySpan<byte> text, out ProcessStat stat)
    {
        stat = default;
        // The name stands in parentheses and may contain anything, parentheses too: count fields from the last one.
        var name = text.LastIndexOf((byte)')');
        if (name < 0)
            return false;
        Span<long> fields = stackalloc long[22];
        var rest = text[(name + 1)..];
        var field = 2;
        while (field < fields.Length)
        {
            rest = rest.TrimStart((byte)' ');
            var end = rest.IndexOf((byte)' ');
            if (end < 0)
                return false;
            // Field 3, the state, is a letter; the others are whole numbers.
            if (field > 2 && !Utf8Parser.TryParse(rest[..end], out fields[field], out _))
                return false;
            rest = rest[end..];
            field++;
        }

        stat = new ProcessStat(
            (int)fields[3], (int)fields[4], (int)fields[5], fields[13] + fields[14], fields[15] + fields[16], fields[21]);
        return true;
    }

    private static int Number(ReadOnlySpan<char> name) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
