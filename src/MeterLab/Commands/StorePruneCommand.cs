using System.CommandLine;

using MeterLab.Cli.Hosting;
using MeterLab.Cli.Rendering.Text;
using MeterLab.Measurement;
using MeterLab.Orchestrator.Campaigns;
using MeterLab.Storage;
using MeterLab.Storage.Traces;

namespace MeterLab.Cli.Commands;

/// <summary><c>store prune</c>: removes raw samples by age or by campaign; without <c>--apply</c> it tells what it would remove.</summary>
internal static class StorePruneCommand
{
    private sealed record GoneRow(string? Campaign, long Trace, string Recorded, long Traces, long Chunks, long Samples, long Bytes);

    private sealed record StayRow(string What, string Reason);

    private sealed record Document(
        string Path, bool Applied, long Bytes, long FileBytesBefore, long FileBytesAfter, IReadOnlyList<GoneRow> Removed, IReadOnlyList<StayRow> Kept);

    /// <summary>Builds the command.</summary>
    public static Command Build(CommandHost host)
    {
        var age = Options.Age("--older-than", "campaigns that ended, and traces outside campaigns that were recorded, longer ago than this");
        var keep = new Option<int>("--keep") { Description = "the latest so many campaigns of a name, and baselines of a target, stay however old (default: 1)", HelpName = "N", DefaultValueFactory = _ => 1 };
        var campaigns = new Option<string[]>("--campaign") { Description = "this campaign, however old; may be given more than once", HelpName = "ID", DefaultValueFactory = _ => [] };
        var apply = new Option<bool>("--apply") { Description = "removes them for good" };
        return host.Reading(
            new Command("prune", "removes raw samples whose results are kept; without --apply it only tells which") { age, keep, campaigns, apply },
            (arguments, session, _) => Task.FromResult(Run(
                new RetentionRule(arguments.GetValue(age), arguments.GetValue(keep), arguments.GetValue(campaigns) ?? []), arguments.GetValue(apply), session)));
    }

    private static int Run(RetentionRule rule, bool apply, Session session)
    {
        if (rule.Keep < 0)
            throw new ConfigurationException("--keep: 0 or more is right");
        using var store = apply ? Store.OpenExisting(session.StorePath, session.Services.StoreOptions with { Program = "meterlab store prune" }) : session.OpenStoreForReading();
        var now = session.Services.Clock.Anchor().UtcNs;
        var plan = RawRetention.Plan(store, rule, now);
        var before = store.Info().Bytes;
        if (apply && plan.Go.Count > 0)
            Remove(store, plan.Go, now, session);
        var document = new Document(
            store.Path, apply, plan.Go.Sum(share => share.Bytes), before, apply ? store.Info().Bytes : before,
            [.. plan.Go.Select(share => new GoneRow(share.Campaign, share.Trace, Figures.Utc(share.RecordedUtcNs), share.Traces, share.Chunks, share.Samples, share.Bytes))],
            [.. plan.Stay.Select(stay => new StayRow(stay.What, stay.Reason))]);
        session.Show(document, text => Write(text, document));
        return ExitCode.Success;
    }

    private static void Remove(Store store, IReadOnlyList<RawShare> shares, long nowUtcNs, Session session)
    {
        foreach (var share in shares)
        {
            if (share.Campaign is not { } campaign)
                store.Pruning.Remove(share.Trace);
            else
                store.Pruning.Remove(campaign, $"Its raw samples ({share.Samples} in {share.Chunks} chunks of {share.Traces} traces) were removed at {Figures.Utc(nowUtcNs)}; what had been worked out from them stands, and nothing can be worked out anew.");
        }

        try
        {
            store.Pruning.Compact();
        }
        catch (StoreException e)
        {
            session.Note($"the samples are gone, but the file keeps its size and fills again with what is recorded next: {e.Message}");
        }
    }

    private static void Write(TextWriter text, Document document)
    {
        if (document.Removed.Count > 0)
        {
            var gone = new TextTable(document.Applied ? "removed" : "would be removed", "recorded", "traces", "samples", "payload");
            foreach (var row in document.Removed)
                gone.Add(row.Campaign ?? $"trace {Figures.Of(row.Trace, "", 15)}", row.Recorded, Figures.Of(row.Traces, "", 15), Figures.Of(row.Samples, "", 15), Figures.Bytes(row.Bytes));
            gone.Write(text);
            text.WriteLine();
        }

        if (document.Kept.Count > 0)
        {
            var kept = new TextTable("stays", "because");
            foreach (var row in document.Kept)
                kept.Add(row.What, row.Reason);
            kept.Write(text);
            text.WriteLine();
        }

        text.WriteLine(Failures.Plain(document.Applied
            ? $"{document.Path}: {Figures.Bytes(document.FileBytesBefore)} before, {Figures.Bytes(document.FileBytesAfter)} now"
            : $"{document.Path}: {Figures.Bytes(document.Bytes)} of {Figures.Bytes(document.FileBytesBefore)} would be freed; nothing was removed"));
        if (!document.Applied && document.Removed.Count > 0)
            text.WriteLine("--apply removes these samples for good: results, findings and estimators' files stay, but nothing can be worked out from them anew");
    }
}
