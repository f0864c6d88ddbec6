using System.Text;

namespace MeterLab.Estimators.Csv;

/// <summary>
/// A comma-separated file with a header, read by RFC 4180: quoted fields may hold commas, line ends and doubled quotes. Rows keep the
/// number of fields they have, because a row that is too short is a defect to be seen, not to be padded. Empty lines are no rows.
/// </summary>
public sealed class CsvTable
{
    private readonly Dictionary<string, int> _columns = new(StringComparer.Ordinal);

    internal CsvTable(CsvRow header, IReadOnlyList<CsvRow> rows)
    {
        Header = header.Fields;
        HeaderDefect = header.Defect ?? (header.Ended ? null : "the file ends inside the header");
        Rows = rows;
        for (var i = 0; i < Header.Count; i++)
        {
            if (!_columns.TryAdd(Header[i], i))
                HeaderDefect ??= $"the column '{Header[i]}' stands twice in the header";
        }
    }

    /// <summary>The names of the columns.</summary>
    public IReadOnlyList<string> Header { get; }

    /// <summary>What is wrong with the header, in words; null where nothing is.</summary>
    public string? HeaderDefect { get; }

    /// <summary>The rows below the header.</summary>
    public IReadOnlyList<CsvRow> Rows { get; }

    /// <summary>The position of a column, from 0; -1 where there is none.</summary>
    public int IndexOf(string column) => _columns.GetValueOrDefault(column, -1);

    /// <summary>Reads UTF-8 bytes, with or without a byte order mark; null where there is not even a header.</summary>
    public static CsvTable? Parse(ReadOnlySpan<byte> utf8, char separator = ',')
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        return Parse(Encoding.UTF8.GetString(utf8.StartsWith(mark) ? utf8[mark.Length..] : utf8), separator);
    }

    /// <summary>Reads a text; null where there is not even a header.</summary>
    public static CsvTable? Parse(string text, char separator = ',')
    {
        var rows = new List<CsvRow>();
        var scanner = new CsvScanner(text, separator);
        while (scanner.Next() is { } row)
        {
            if (row.Fields is not [""])
                rows.Add(row);
        }

        return rows.Count == 0 ? null : new CsvTable(rows[0], rows[1..]);
    }
}
