using System.CommandLine;

using MeterLab.Cli.Hosting;
using MeterLab.Cli.Rendering.Text;
using MeterLab.Orchestrator.Reconciliation;
using MeterLab.Orchestrator.Reports;
using MeterLab.Storage;

namespace MeterLab.Cli.Commands;

/// <summary><c>store info</c>: what is in the store.</summary>
internal static class StoreInfoCommand
{
    private sealed record TraceRow(long Trace, string Channel, string Quantity, long Chunks, long Samples, long Lost, double SpanS, long PayloadBytes);

    private sealed record Document(
        string Path, int Schema, long Bytes, long Samples, double? BytesPerSample, IReadOnlyDictionary<string, long> Rows, IReadOnlyList<TraceRow> Traces);

    /// <summary>Builds the command.</summary>
    public static Command Build(CommandHost host) =>
        host.Reading(new Command("info", "what is in the store"), (_, session, _) => Task.FromResult(Run(session)));

    private static int Run(Session session)
    {
        using var store = session.OpenStoreForReading();
        var info = store.Info();
        var document = new Document(
            info.Path, info.Schema, info.Bytes, info.Samples, info.BytesPerSample, info.Rows,
            [.. info.Traces.Select(t => new TraceRow(t.Trace, t.Channel, t.Quantity, t.Chunks, t.Samples, t.Lost, (t.LastNs - t.FirstNs) * 1e-9, t.PayloadBytes))]);
        session.Show(document, text => Write(text, document));
        return ExitCode.Success;
    }

    private static void Write(TextWriter text, Document info)
    {
        text.WriteLine(Failures.Plain($"{info.Path}: schema {info.Schema}, {Figures.Bytes(info.Bytes)}, {info.Samples} samples"
            + (info.BytesPerSample is { } each ? $" of {Figures.Of(each, "B", 3)} each" : "")));
        text.WriteLine();
        var rows = new TextTable("table", "rows");
        foreach (var (table, count) in info.Rows)
            rows.Add(table, Figures.Of(count, "", 15));
        rows.Write(text);
        if (info.Traces.Count == 0)
            return;
        text.WriteLine();
        var traces = new TextTable("trace", "channel", "quantity", "span", "samples", "lost", "payload");
        foreach (var trace in info.Traces)
        {
            traces.Add(
                Figures.Of(trace.Trace, "", 15), trace.Channel, trace.Quantity, Figures.Of(trace.SpanS, "s"), Figures.Of(trace.Samples, "", 15),
                Figures.Of(trace.Lost, "", 15), Figures.Bytes(trace.PayloadBytes));
        }

        traces.Write(text);
    }
}

/// <summary><c>store verify</c>: whether everything in the store is sound.</summary>
internal static class StoreVerifyCommand
{
    private sealed record Document(
        string Path, bool Passed, long Chunks, long Samples, long EstimatorFiles, IReadOnlyList<FindingRow> Findings);

    /// <summary>Builds the command.</summary>
    public static Command Build(CommandHost host) => host.Reading(
        new Command("verify", "checks everything in the store: file, checksums, order, hashes"),
        (_, session, cancellationToken) => Task.FromResult(Run(session, cancellationToken)));

    private static int Run(Session session, CancellationToken cancellationToken)
    {
        using var store = session.OpenStoreForReading();
        var result = store.Verify(cancellationToken);
        var document = new Document(
            store.Path, result.Passed, result.Chunks, result.Samples, result.EstimatorFiles, [.. result.Findings.Select(FindingRows.Of)]);
        session.Show(document, text => Write(text, document));
        return result.Passed ? ExitCode.Success : ExitCode.Failed;
    }

    private static void Write(TextWriter text, Document document)
    {
        text.WriteLine(Failures.Plain(
            $"{document.Path}: {(document.Passed ? "sound" : "DAMAGED")}; {document.Chunks} chunks, {document.Samples} samples, {document.EstimatorFiles} estimator files"));
        foreach (var finding in document.Findings)
            text.WriteLine(Failures.Plain($"{finding.Rule}: {finding.Detail}"));
    }
}
