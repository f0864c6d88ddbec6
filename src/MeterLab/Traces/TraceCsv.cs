using System.Buffers.Text;
using System.Text;

using MeterLab.Measurement;
using MeterLab.Measurement.Energy;

namespace MeterLab.Cli.Traces;

/// <summary>
/// Reads <c>TRACE.csv</c> (contract, section 5): a header with <c>time</c> and <c>active_power_w</c>, <c>energy_import_j</c>, or both; other
/// columns are passed over. 16 bytes of memory a row with one of them; an empty field is a missing value.
/// </summary>
internal static class TraceCsv
{
    /// <summary>The column of times.</summary>
    public const string Time = "time";

    /// <summary>The column of power, W.</summary>
    public const string Power = "active_power_w";

    /// <summary>The column of the meter's energy register, J.</summary>
    public const string Energy = "energy_import_j";

    // Around the windows so much is kept, ns: what lies farther away says nothing about them.
    private const long MarginNs = 3600L * 1_000_000_000;
    private const int HeadRows = 1000;

    /// <summary>
    /// Reads what lies within an hour of the stretch. Throws <see cref="ConfigurationException"/> with file, line and column for what is no trace.
    /// </summary>
    public static TraceColumns Read(string path, long fromNs, long toNs, CancellationToken cancellationToken)
    {
        using var lines = new CsvLines(path);
        var columns = Header(lines);
        var trace = new TraceColumns(columns.Contains(Power), columns.Contains(Energy));
        (fromNs, toNs) = (fromNs - MarginNs, toNs + MarginNs);
        long bytes = 0;
        for (var rows = 1; lines.Next(out var line); rows++)
        {
            bytes += line.Length + 1;
            if (rows == HeadRows)
                trace.Reserve((int)Math.Min(lines.Length / (bytes / rows) * 1.02 + rows, 200_000_000));
            if (rows % 100_000 == 0)
                cancellationToken.ThrowIfCancellationRequested();
            var (ns, watts, joules) = Row(lines, columns, line);
            if (ns > toNs)
                break;
            if (ns >= fromNs)
                trace.Add(ns, watts, joules);
        }

        return trace;
    }

    private static string[] Header(CsvLines lines)
    {
        if (!lines.Next(out var line))
            throw lines.Error(null, $"the file is empty; a header '{Time},{Power}' is wanted");
        var names = new List<string>();
        for (var more = true; more;)
            names.Add(Encoding.UTF8.GetString(CsvLines.Field(ref line, out more)));
        foreach (var name in new[] { Time, Power, Energy })
        {
            if (names.Count(other => other == name) > 1)
                throw lines.Error(name, "the column stands twice in the header");
        }

        if (!names.Contains(Time) || !(names.Contains(Power) || names.Contains(Energy)))
        {
            throw lines.Error(null, $"the header lacks {(names.Contains(Time) ? $"{Power} (or {Energy})" : Time)}; "
                + $"'{Time},{Power}' is wanted, more columns are allowed");
        }

        return [.. names];
    }

    private static (long Ns, double Watts, double Joules) Row(CsvLines lines, string[] columns, ReadOnlySpan<byte> line)
    {
        var (ns, watts, joules, timed) = (0L, double.NaN, double.NaN, false);
        var more = true;
        for (var i = 0; i < columns.Length; i++)
        {
            if (!more)
                throw lines.Error(null, $"the row has {i} of {columns.Length} fields");
            var field = CsvLines.Field(ref line, out more);
            switch (columns[i])
            {
                case Time:
                    if (!CsvTime.TryParse(field, out ns))
                        throw lines.Error(Time, $"'{Shown(field)}' is no time; {CsvTime.Right}");
                    timed = true;
                    break;
                case Power:
                    watts = Number(lines, Power, field);
                    break;
                case Energy:
                    joules = Number(lines, Energy, field);
                    break;
            }
        }

        if (more)
            throw lines.Error(null, $"the row has more than {columns.Length} fields");
        return timed ? (ns, watts, joules) : throw lines.Error(Time, "the time is missing");
    }

    private static double Number(CsvLines lines, string column, ReadOnlySpan<byte> field)
    {
        if (field.Length == 0)
            return double.NaN;
        return Utf8Parser.TryParse(field, out double value, out var used) && used == field.Length
            ? value
            : throw lines.Error(column, $"'{Shown(field)}' is no number");
    }

    private static string Shown(ReadOnlySpan<byte> field) => Encoding.UTF8.GetString(field[..Math.Min(field.Length, 60)]);
}
