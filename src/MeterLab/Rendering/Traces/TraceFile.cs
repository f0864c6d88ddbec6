using System.Globalization;

using Parquet;
using Parquet.Schema;

using MeterLab.Cli.Rendering.Text;
using MeterLab.Measurement;

namespace MeterLab.Cli.Rendering.Traces;

/// <summary>
/// Writes a trace as CSV or Parquet, as the file's ending says. The file appears under its name only when it is complete.
/// </summary>
internal static class TraceFile
{
    private const int RowGroup = 1 << 20;

    /// <summary>Throws <see cref="ConfigurationException"/> where the path cannot become such a file; to be asked before the work begins.</summary>
    public static void Check(string path)
    {
        if (!IsCsv(path) && !IsParquet(path))
            throw new ConfigurationException($"--out {path}: a name ending in .csv or .parquet is wanted");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (folder is null || !Directory.Exists(folder))
            throw new ConfigurationException($"--out {path}: there is no folder {folder}");
        if (Directory.Exists(path))
            throw new ConfigurationException($"--out {path}: this is a folder");
    }

    /// <summary>Writes the file, replacing one of that name.</summary>
    public static async Task WriteAsync(string path, TraceTable trace, CancellationToken cancellationToken)
    {
        Check(path);
        var unfinished = path + ".unfinished";
        try
        {
            var stream = new FileStream(unfinished, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16);
            await using (stream.ConfigureAwait(false))
            {
                if (IsCsv(path))
                    await WriteCsvAsync(stream, trace, cancellationToken).ConfigureAwait(false);
                else
                    await WriteParquetAsync(stream, trace, cancellationToken).ConfigureAwait(false);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"--out {path}: the file cannot be written: {e.Message}", inner: e);
        }
        finally
        {
            // Still there only if something went wrong.
            File.Delete(unfinished);
        }
    }

    private static bool IsCsv(string path) => path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);

    private static bool IsParquet(string path) => path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase);

    private static async Task WriteCsvAsync(Stream stream, TraceTable trace, CancellationToken cancellationToken)
    {
        var writer = new StreamWriter(stream) { NewLine = "\n" };
        await using (writer.ConfigureAwait(false))
        {
            await writer.WriteLineAsync($"time,{trace.Column}".AsMemory(), cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < trace.UtcNs.Length; i++)
            {
                var line = $"{Figures.Utc(trace.UtcNs.Span[i], 9)},{trace.Values.Span[i].ToString("R", CultureInfo.InvariantCulture)}";
                await writer.WriteLineAsync(line.AsMemory(), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task WriteParquetAsync(Stream stream, TraceTable trace, CancellationToken cancellationToken)
    {
        var time = new DateTimeDataField("time", DateTimeFormat.Timestamp, isAdjustedToUTC: true, unit: DateTimeTimeUnit.Nanos, isNullable: false);
        var value = new DataField<double>(trace.Column);
        var writer = await ParquetWriter.CreateAsync(new ParquetSchema(time, value), stream, cancellationToken: cancellationToken).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            for (var start = 0; start < trace.UtcNs.Length; start += RowGroup)
            {
                var count = Math.Min(RowGroup, trace.UtcNs.Length - start);
                using var group = writer.CreateRowGroup();
                await group.WriteAsync<DateTime>(time, ToTimes(trace.UtcNs.Span.Slice(start, count)), cancellationToken: cancellationToken).ConfigureAwait(false);
                await group.WriteAsync<double>(value, trace.Values.Slice(start, count), cancellationToken: cancellationToken).ConfigureAwait(false);
                group.CompleteValidate();
            }
        }
    }

    private static DateTime[] ToTimes(ReadOnlySpan<long> utcNs)
    {
        var times = new DateTime[utcNs.Length];
        for (var i = 0; i < times.Length; i++)
            times[i] = DateTime.UnixEpoch.AddTicks(utcNs[i] / 100);
        return times;
    }
}
