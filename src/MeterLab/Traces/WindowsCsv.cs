using System.Text;

using MeterLab.Measurement;

namespace MeterLab.Cli.Traces;

/// <summary>Reads <c>WINDOWS.csv</c>: a header with <c>from</c> and <c>to</c>, a window a row; other columns are passed over.</summary>
internal static class WindowsCsv
{
    private const string From = "from";
    private const string To = "to";

    /// <summary>The windows, ns since 1970 UTC. Throws <see cref="ConfigurationException"/> with file, line and column.</summary>
    public static IReadOnlyList<(long FromNs, long ToNs)> Read(string path)
    {
        using var lines = new CsvLines(path);
        if (!lines.Next(out var header))
            throw lines.Error(null, $"the file is empty; a header '{From},{To}' is wanted");
        var names = Fields(header);
        var (from, to) = (names.IndexOf(From), names.IndexOf(To));
        if (from < 0 || to < 0)
            throw lines.Error(null, $"the header lacks {(from < 0 ? From : To)}; '{From},{To}' is wanted, more columns are allowed");
        var windows = new List<(long, long)>();
        while (lines.Next(out var line))
        {
            var fields = Fields(line);
            if (fields.Count != names.Count)
                throw lines.Error(null, $"the row has {fields.Count} of {names.Count} fields");
            var window = (Moment(lines, From, fields[from]), Moment(lines, To, fields[to]));
            if (window.Item2 <= window.Item1)
                throw lines.Error(To, $"the window ends at {fields[to]}, not after its start at {fields[from]}");
            windows.Add(window);
        }

        return windows.Count > 0 ? windows : throw lines.Error(null, "there is no window after the header");
    }

    private static long Moment(CsvLines lines, string column, string text) =>
        CsvTime.TryParse(Encoding.UTF8.GetBytes(text), out var ns) ? ns : throw lines.Error(column, $"'{text}' is no time; {CsvTime.Right}");

    private static List<string> Fields(ReadOnlySpan<byte> line)
    {
        var fields = new List<string>();
        for (var more = true; more;)
            fields.Add(Encoding.UTF8.GetString(CsvLines.Field(ref line, out more)));
        return fields;
    }
}
