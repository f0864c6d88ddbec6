using MeterLab.Measurement;

namespace MeterLab.Cli.Traces;

/// <summary>The lines of a CSV file of plain fields, as bytes, through one buffer: a file of any length in little memory.</summary>
internal sealed class CsvLines : IDisposable
{
    private const int BufferBytes = 1 << 20;

    private readonly FileStream _stream;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _start;
    private int _end;
    private bool _last;

    /// <summary>Opens a file. Throws <see cref="ConfigurationException"/> where it cannot be read.</summary>
    public CsvLines(string path)
    {
        Path = path;
        try
        {
            _stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"it cannot be read: {e.Message}", path, inner: e);
        }
    }

    /// <summary>The file as the user named it.</summary>
    public string Path { get; }

    /// <summary>The number of the line that was read last, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>The file's length, bytes.</summary>
    public long Length => _stream.Length;

    /// <summary>The failure to throw about the present line.</summary>
    public ConfigurationException Error(string? column, string problem) => new(problem, Path, Line, column);

    /// <summary>The next line without its end; valid until the next call. Lines of nothing are skipped.</summary>
    public bool Next(out ReadOnlySpan<byte> line)
    {
        while (Raw(out line))
        {
            Line++;
            if (Line == 1 && line.StartsWith("\uFEFF"u8))
                line = line[3..];
            line = line.Trim(" \r"u8);
            if (line.Length > 0)
                return true;
        }

        return false;
    }

    /// <summary>Cuts the first field off a line; false where none is left (<paramref name="rest"/> has length -1 in its place).</summary>
    public static ReadOnlySpan<byte> Field(ref ReadOnlySpan<byte> line, out bool more)
    {
        var comma = line.IndexOf((byte)',');
        more = comma >= 0;
        var field = more ? line[..comma] : line;
        line = more ? line[(comma + 1)..] : default;
        return field.Trim(" \""u8);
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private bool Raw(out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            var ready = _buffer.AsSpan(_start, _end - _start);
            var length = ready.IndexOf((byte)'\n');
            if (length >= 0)
            {
                line = ready[..length];
                _start += length + 1;
                return true;
            }

            if (_last)
            {
                line = ready;
                _start = _end;
                return ready.Length > 0;
            }

            Fill();
        }
    }

    private void Fill()
    {
        var kept = _end - _start;
        if (kept == _buffer.Length)
            throw new ConfigurationException($"the line is longer than {BufferBytes >> 20} MiB; this is no CSV file", Path, Line + 1);
        _buffer.AsSpan(_start, kept).CopyTo(_buffer);
        (_start, _end) = (0, kept);
        try
        {
            var count = _stream.Read(_buffer, _end, _buffer.Length - _end);
            _end += count;
            _last = count == 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"it cannot be read: {e.Message}", Path, Line, inner: e);
        }
    }
}
