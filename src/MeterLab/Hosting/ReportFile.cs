using System.Text;
using System.Text.Json;

using MeterLab.Orchestrator.Reports;

namespace MeterLab.Cli.Hosting;

/// <summary>One file of a report: made when it is written and gone afterwards, because those of a large campaign do not fit into memory side by side.</summary>
/// <param name="Name">Its name in the folder.</param>
/// <param name="WriteAsync">Writes it.</param>
internal sealed record ReportFile(string Name, Func<Stream, CancellationToken, Task> WriteAsync)
{
    private const int CharactersAtOnce = 1 << 16;

    /// <summary>A text, made when it is wanted.</summary>
    public static ReportFile OfText(string name, Func<string> text) => new(name, async (stream, cancellationToken) =>
    {
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false), CharactersAtOnce, leaveOpen: true);
        await writer.WriteAsync(text().AsMemory(), cancellationToken).ConfigureAwait(false);
    });

    /// <summary>A JSON document as the contract has it.</summary>
    public static ReportFile OfJson<T>(string name, T document) => new(name, async (stream, cancellationToken) =>
    {
        await JsonSerializer.SerializeAsync(stream, document, ResultsJson.Options, cancellationToken).ConfigureAwait(false);
        await stream.WriteAsync("\n"u8.ToArray(), cancellationToken).ConfigureAwait(false);
    });
}
