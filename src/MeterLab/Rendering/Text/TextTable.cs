using System.Globalization;

using MeterLab.Cli.Hosting;

namespace MeterLab.Cli.Rendering.Text;

/// <summary>
/// A plain table for people and for grep: columns side by side, numbers to the right, never wrapped, no colour. Texts from files and
/// devices lose their control characters.
/// </summary>
internal sealed class TextTable(params string[] columns)
{
    private const string Gap = "  ";

    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row; a null or empty cell shows as a dash.</summary>
    public void Add(params ReadOnlySpan<string?> cells)
    {
        if (cells.Length != columns.Length)
            throw new ArgumentException($"{columns.Length} cells are wanted, not {cells.Length}.", nameof(cells));
        var row = new string[cells.Length];
        for (var i = 0; i < row.Length; i++)
            row[i] = string.IsNullOrEmpty(cells[i]) ? "-" : Failures.Plain(cells[i]!);
        _rows.Add(row);
    }

    /// <summary>Writes the table.</summary>
    public void Write(TextWriter writer)
    {
        var widths = columns.Select((column, i) => _rows.Select(row => row[i].Length).Append(column.Length).Max()).ToArray();
        var right = columns.Select((_, i) => _rows.Count > 0 && _rows.All(row => IsFigure(row[i]))).ToArray();
        WriteRow(writer, columns, widths, right);
        WriteRow(writer, [.. widths.Select(width => new string('-', width))], widths, right);
        foreach (var row in _rows)
            WriteRow(writer, row, widths, right);
    }

    private static void WriteRow(TextWriter writer, IReadOnlyList<string> cells, int[] widths, bool[] right) =>
        writer.WriteLine(string.Join(Gap, cells.Select((cell, i) => right[i] ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]))).TrimEnd());

    // A number, perhaps with its unit behind it.
    private static bool IsFigure(string text) =>
        text == "-" || double.TryParse(text.Split(' ')[0].TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
