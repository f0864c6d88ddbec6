using System.Text;

using MeterLab.Estimators.Text;

using NodaTime;

namespace MeterLab.Estimators.Carbontracker;

/// <summary>One message of a log: its line's time and text, with the lines below it that carry no time of their own.</summary>
/// <param name="Line">Where it begins, from 1.</param>
/// <param name="Time">Local time; null for text before the first time.</param>
/// <param name="Text">The message, lines joined by line ends.</param>
internal sealed record LogEntry(int Line, LocalDateTime? Time, string Text)
{
    private const int TimeLength = 19;
    private const string Separator = " - ";

    /// <summary>
    /// The messages of a log, and whether its last line was cut off (no line end); that line is left out, because a number in it may be half of one.
    /// </summary>
    public static (IReadOnlyList<LogEntry> Entries, bool Cut) ReadAll(ReadOnlyMemory<byte> utf8)
    {
        var text = Encoding.UTF8.GetString(utf8.Span).Replace("\r\n", "\n", StringComparison.Ordinal);
        var lines = text.Split('\n');
        var cut = lines[^1].Length > 0;
        var entries = new List<LogEntry>();
        for (var i = 0; i < lines.Length - 1; i++)
        {
            var (time, message) = Split(lines[i]);
            if (time is not null || entries.Count == 0)
                entries.Add(new LogEntry(i + 1, time, message));
            else
                entries[^1] = entries[^1] with { Text = entries[^1].Text + "\n" + message };
        }

        return (entries, cut);
    }

    private static (LocalDateTime? Time, string Message) Split(string line) =>
        line.Length >= TimeLength + Separator.Length && line.AsSpan(TimeLength).StartsWith(Separator) && LocalTimes.Parse(line[..TimeLength]) is { } time
            ? (time, line[(TimeLength + Separator.Length)..])
            : (null, line);
}
