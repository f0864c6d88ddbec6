using System.Text;

namespace MeterLab.Estimators.Csv;

/// <summary>Walks through a text row by row.</summary>
internal sealed class CsvScanner(string text, char separator = ',')
{
    private readonly StringBuilder _field = new();
    private int _position;
    private int _line = 1;
    private string? _defect;

    /// <summary>The next row; null at the end of the text.</summary>
    public CsvRow? Next()
    {
        if (_position >= text.Length)
            return null;
        _defect = null;
        var line = _line;
        var fields = new List<string>();
        while (true)
        {
            fields.Add(Peek() == '"' ? Quoted() : Plain());
            if (_position < text.Length && text[_position] == separator)
            {
                _position++;
                continue;
            }

            return new CsvRow(line, fields, LineEnd(), _defect);
        }
    }

    private char Peek() => _position < text.Length ? text[_position] : '\0';

    private bool AtFieldEnd => _position >= text.Length || text[_position] is '\n' or '\r' || text[_position] == separator;

    private string Plain()
    {
        var start = _position;
        while (!AtFieldEnd)
        {
            if (text[_position] == '"')
                _defect ??= "a quote inside an unquoted field";
            _position++;
        }

        return text[start.._position];
    }

    private string Quoted()
    {
        _field.Clear();
        _position++;
        while (_position < text.Length)
        {
            var c = text[_position++];
            if (c == '"' && Peek() != '"')
                return AfterQuote();
            if (c == '"')
                _position++;
            if (c == '\n')
                _line++;
            _field.Append(c);
        }

        _defect ??= "a quoted field that never ends";
        return _field.ToString();
    }

    private string AfterQuote()
    {
        if (!AtFieldEnd)
            _defect ??= "text behind the closing quote of a field";
        while (!AtFieldEnd)
            _field.Append(text[_position++]);
        return _field.ToString();
    }

    private bool LineEnd()
    {
        if (_position >= text.Length)
            return false;
        if (text[_position] == '\r')
            _position++;
        if (Peek() == '\n')
            _position++;
        _line++;
        return true;
    }
}
