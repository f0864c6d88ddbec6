using System.Globalization;

namespace MeterLab.Orchestrator.Targets;

/// <summary>
/// The file <c>record</c> as runner.sh writes it: <c>key=value</c> lines, every key once, no other. Anything else is a
/// <see cref="FormatException"/>, never a guess.
/// </summary>
internal static class WorkloadRecordFile
{
    private static readonly string[] Keys =
    [
        "format", "boot_id", "start_ns", "end_ns", "exit_code", "timed_out", "stopped", "leftovers", "suspends_start", "suspends_end",
        "ticks_per_second", "machine_start", "machine_end", "children_start", "children_end", "runner_self", "runner_children",
    ];

    // proc_stat(5): user nice system idle iowait irq softirq steal guest guest_nice. Guests are in user already; stolen time is
    // another machine's.
    private static readonly int[] BusyColumns = [0, 1, 2, 5, 6];

    /// <summary>Reads the text of a record.</summary>
    public static WorkloadRecord Parse(string text)
    {
        var values = Split(text);
        if (values["format"] != "1")
            throw new FormatException($"format {values["format"]} is not known");
        var before = Times(values["children_start"]);
        var after = Times(values["children_end"]);
        var (start, end) = (Whole(values, "start_ns"), Whole(values, "end_ns"));
        return new WorkloadRecord
        {
            StartNs = start,
            EndNs = end,
            ExitCode = checked((int)Whole(values, "exit_code")),
            TimedOut = Flag(values, "timed_out"),
            Stopped = Flag(values, "stopped"),
            Leftovers = Flag(values, "leftovers"),
            CpuSeconds = after - before,
            MachineCpuSeconds = Machine(values),
            RunnerCpuSeconds = Math.Max(0, Times(values["runner_self"]) + Times(values["runner_children"]) - (after - before)),
            BootId = values["boot_id"].Length == 0 ? null : values["boot_id"],
            Suspends = values["suspends_start"].Length == 0 || values["suspends_end"].Length == 0
                ? null
                : Whole(values, "suspends_end") - Whole(values, "suspends_start"),
        };
    }

    /// <summary>The sum of the two figures of one line of the shell's <c>times</c>, s: <c>0m0.010000s 1m2.5s</c>.</summary>
    internal static double Times(string line)
    {
        var sum = 0.0;
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != 2)
            throw new FormatException($"'{line}' is not a line of times");
        foreach (var word in words)
        {
            // bash writes the decimal sign of the locale.
            var minutes = word.IndexOf('m', StringComparison.Ordinal);
            if (minutes < 1 || !word.EndsWith('s'))
                throw new FormatException($"'{word}' is not a duration of times");
            sum += 60.0 * int.Parse(word.AsSpan(0, minutes), NumberStyles.None, CultureInfo.InvariantCulture)
                + double.Parse(
                    word[(minutes + 1)..^1].Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        }

        return sum;
    }

    private static Dictionary<string, string> Split(string text)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            var key = equals < 0 ? line : line[..equals];
            if (equals < 0 || !Keys.Contains(key) || !values.TryAdd(key, line[(equals + 1)..]))
                throw new FormatException($"the line '{line}' does not belong here");
        }

        return Keys.FirstOrDefault(key => !values.ContainsKey(key)) is { } missing
            ? throw new FormatException($"'{missing}' is missing")
            : values;
    }

    private static double? Machine(Dictionary<string, string> values)
    {
        if (values["machine_start"].Length == 0 || values["machine_end"].Length == 0)
            return null;
        var ticks = Busy(values["machine_end"]) - Busy(values["machine_start"]);
        return (double)ticks / Whole(values, "ticks_per_second");
    }

    private static long Busy(string line)
    {
        var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (columns.Length < 7)
            throw new FormatException($"'{line}' is not the first line of /proc/stat");
        return BusyColumns.Sum(i => long.Parse(columns[i], NumberStyles.None, CultureInfo.InvariantCulture));
    }

    private static long Whole(Dictionary<string, string> values, string key) =>
        long.TryParse(values[key], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"{key} is '{values[key]}', not a whole number");

    private static bool Flag(Dictionary<string, string> values, string key) =>
        values[key] switch { "0" => false, "1" => true, var other => throw new FormatException($"{key} is '{other}', not 0 or 1") };
}
