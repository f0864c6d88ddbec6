using System.Globalization;
using System.Text;

namespace MeterLab.Cli.Rendering.Csv;

/// <summary>Builds CSV by RFC 4180: comma, CRLF, quotes where needed; numbers invariant and in full precision; a missing figure is empty.</summary>
internal sealed class CsvText
{
    private readonly StringBuilder _text = new();
    private readonly int _columns;
    private int _fields;

    public CsvText(params ReadOnlySpan<string> header)
    {
        _columns = header.Length;
        foreach (var name in header)
            Add(name);
        EndRow();
    }

    /// <summary>Adds a text field.</summary>
    public CsvText Add(string? text)
    {
        if (_fields++ > 0)
            _text.Append(',');
        if (text.AsSpan().IndexOfAny(",\"\r\n") >= 0)
            _text.Append('"').Append(text!.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        else
            _text.Append(text);
        return this;
    }

    /// <summary>Adds a number; empty where it is missing or not finite.</summary>
    public CsvText Add(double? number) =>
        Add(number is { } value && double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : null);

    /// <summary>Adds true or false.</summary>
    public CsvText Add(bool value) => Add(value ? "true" : "false");

    /// <summary>Ends the row.</summary>
    /// <exception cref="InvalidOperationException">It has more or fewer fields than the header.</exception>
    public CsvText EndRow()
    {
        if (_fields != _columns)
            throw new InvalidOperationException($"A row of {_fields} fields under a header of {_columns}.");
        _text.Append("\r\n");
        _fields = 0;
        return this;
    }

    /// <summary>The file's text.</summary>
    public override string ToString() => _text.ToString();
}
