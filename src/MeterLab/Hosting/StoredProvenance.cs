using System.Globalization;
using System.Security.Cryptography;
using System.Text;

using MeterLab.Cli.Rendering.Html;
using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Quantities;
using MeterLab.Orchestrator.Baselines;
using MeterLab.Orchestrator.Reports;
using MeterLab.Storage.Traces;

namespace MeterLab.Cli.Hosting;

/// <summary>What the store knows of the origin of a campaign's figures: rows, chunks, probes, idle powers.</summary>
internal static class StoredProvenance
{
    private const int MostBaselines = 200;

    /// <summary>The origin of the results and of these runs' energies.</summary>
    public static ResultProvenance Of(StoredCampaign campaign, IReadOnlyList<RunResult> runs)
    {
        var (store, id) = (campaign.Store, campaign.Record.Id);
        var maps = store.Clocks.Maps(id);
        var traces = store.Traces.OfCampaign(id).Where(trace => trace.Description.Quantity == Quantity.ActivePower)
            .ToLookup(trace => trace.Description.Channel.ToString(), StringComparer.Ordinal);
        return new ResultProvenance
        {
            ResultId = campaign.ResultId,
            CodeVersion = campaign.CodeVersion,
            Clocks =
            [
                .. runs.Select(run => run.Target).Distinct(StringComparer.Ordinal).Select(target =>
                {
                    var clock = ClockId.Target(target);
                    var probes = store.Clocks.Observations(id, clock);
                    return new ClockProvenance(
                        target, maps.LastOrDefault(map => map.Map.From == clock || map.Map.To == clock)?.Id, probes.Count,
                        probes.Count > 0 ? probes[0].Id : null, probes.Count > 0 ? probes[^1].Id : null);
                }),
            ],
            Traces = [.. runs.SelectMany(run => OfRun(campaign, traces, run))],
        };
    }

    /// <summary>The idle powers of the campaign's targets, the oldest first: stored baselines, and what this campaign took for its runs where none of them is its own.</summary>
    public static IReadOnlyList<BaselinePoint> Baselines(StoredCampaign campaign, CampaignResults results)
    {
        var points = new List<BaselinePoint>();
        foreach (var runs in results.Runs.GroupBy(run => run.Target, StringComparer.Ordinal))
        {
            var history = campaign.Store.Baselines.History(runs.Key);
            points.AddRange(history.TakeLast(MostBaselines).Select(baseline => new BaselinePoint(
                runs.Key, baseline.Scope, baseline.MeasuredUtcNs, baseline.StaticW, BaselineMeter.Read(baseline)?.UncertaintyW ?? 2 * baseline.StandardUncertaintyW,
                baseline.Fingerprint, baseline.Campaign ?? "by hand")));
            if (history.All(baseline => baseline.Campaign != results.Id))
                points.AddRange(OwnOf(runs.Key, runs, results.Id));
        }

        return [.. points.OrderBy(point => point.UtcNs)];
    }

    private static IEnumerable<BaselinePoint> OwnOf(string target, IEnumerable<RunResult> runs, string campaign) => runs
        .Where(run => run is { Static: not null, Start: not null, Meter: not null })
        .DistinctBy(run => (run.Meter!.Scope, run.Static!.StaticW))
        .Take(MostBaselines)
        .Select(run => new BaselinePoint(
            target, run.Meter!.Scope, ReportFiles.UtcNs(run.Start!), run.Static!.StaticW, run.Static.UncertaintyW, "", campaign));

    private static IEnumerable<TraceProvenance> OfRun(StoredCampaign campaign, ILookup<string, TraceRecord> traces, RunResult run)
    {
        if (run is not { Start: { } start, End: { } end })
            yield break;
        var (from, to) = (ReportFiles.UtcNs(start), ReportFiles.UtcNs(end));
        // A scope that several channels feed is written with a plus between meters, and one between channels; of the pairs, those that were recorded count.
        var channels = ReportContext.MetersOf(run).SelectMany(meter => meter.Meter.Split('+').SelectMany(one => meter.Channel.Split('+').Select(channel => $"{one}/{channel}")));
        foreach (var trace in channels.Distinct(StringComparer.Ordinal).SelectMany(channel => traces[channel]))
        {
            if (campaign.LineOf(trace.Boot) is not { } line)
                continue;
            var chunks = campaign.Store.Traces.Marks(trace.Id, line.FromUtcNs(from), line.FromUtcNs(to));
            if (chunks.Count > 0)
                yield return Row(run.Run, trace, chunks);
        }
    }

    private static TraceProvenance Row(string run, TraceRecord trace, IReadOnlyList<ChunkMark> chunks)
    {
        var sums = new StringBuilder();
        foreach (var chunk in chunks)
            sums.Append(CultureInfo.InvariantCulture, $"{chunk.Sequence}:{chunk.Checksum:x8}\n");
        return new TraceProvenance
        {
            Run = run,
            Channel = trace.Description.Channel.ToString(),
            Trace = trace.Id,
            FirstChunk = chunks[0].Sequence,
            LastChunk = chunks[^1].Sequence,
            Chunks = chunks.Count,
            Samples = chunks.Sum(chunk => chunk.Count),
            Digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(sums.ToString()))),
            ProfileSha256 = trace.ProfileSha256,
        };
    }
}
