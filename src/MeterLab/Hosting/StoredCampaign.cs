using System.Text;
using System.Text.Json;

using MeterLab.Measurement;
using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.Orchestrator.Campaigns;
using MeterLab.Orchestrator.Reports;
using MeterLab.Storage;
using MeterLab.Storage.Campaigns;
using MeterLab.Storage.Traces;

namespace MeterLab.Cli.Hosting;

/// <summary>A campaign as the store keeps it: its rows, its newest results, and its traces on UTC.</summary>
internal sealed class StoredCampaign
{
    private readonly Store _store;
    private readonly Dictionary<string, HostTimeLine> _lines;

    private StoredCampaign(Store store, CampaignRecord record, (CampaignResults Results, long Id, string CodeVersion)? results)
    {
        _store = store;
        Record = record;
        Results = results?.Results;
        ResultId = results?.Id;
        CodeVersion = results?.CodeVersion;
        // One line a boot: the monotonic clock starts anew with each.
        _lines = store.Clocks.Anchors(record.Id)
            .GroupBy(anchor => anchor.Boot)
            .ToDictionary(boot => boot.Key, boot => new HostTimeLine(boot.Select(anchor => anchor.Anchor)));
    }

    /// <summary>The store it lies in.</summary>
    public Store Store => _store;

    /// <summary>The lab's line of a boot; null where the campaign has no anchor of it.</summary>
    public HostTimeLine? LineOf(string boot) => _lines.GetValueOrDefault(boot);

    /// <summary>Its row.</summary>
    public CampaignRecord Record { get; }

    /// <summary>The newest results; null where it was never reconciled.</summary>
    public CampaignResults? Results { get; }

    /// <summary>The row of these results; null where there are none.</summary>
    public long? ResultId { get; }

    /// <summary>The version of the program that worked them out; null where there are none.</summary>
    public string? CodeVersion { get; }

    /// <summary>The campaign of this id, or the latest of this name. Throws <see cref="StoreException"/> where there is none.</summary>
    public static StoredCampaign Load(Store store, string idOrName)
    {
        var record = store.Campaigns.Get(idOrName);
        return new StoredCampaign(store, record, ReadResults(store, record.Id));
    }

    /// <summary>The newest results, or a <see cref="StoreException"/> that says why there are none.</summary>
    public CampaignResults RequireResults() => Results ?? throw new StoreException(
        StoreFailure.NotFound, $"campaign {Record.Id} has no results: it is {Name(Record.State)} and was not reconciled");

    /// <summary>
    /// The run of this id, or the latest of this name in any campaign, and its results. Throws <see cref="StoreException"/> where none was reconciled.
    /// </summary>
    public static (StoredCampaign Campaign, RunResult Run) FindRun(Store store, string name)
    {
        foreach (var record in store.Campaigns.List())
        {
            var results = ReadResults(store, record.Id);
            if (results?.Results.Runs.FirstOrDefault(run => run.Run == name || run.Run == $"{record.Id}.{name}") is { } run)
                return (new StoredCampaign(store, record, results), run);
        }

        throw new StoreException(StoreFailure.NotFound, $"{store.Path}: there is no reconciled run '{name}'; meterlab campaign show ID lists the runs");
    }

    /// <summary>
    /// The power of a channel between two moments of UTC (ns), with the line that its times lie on; null where nothing was recorded. A
    /// resumed campaign has several traces of a channel: the one in which the middle of the stretch lies is taken.
    /// </summary>
    /// <param name="channel">The channel.</param>
    /// <param name="fromUtcNs">From.</param>
    /// <param name="toUtcNs">To.</param>
    /// <param name="delaySeconds">The lag to take out; null takes out what the model's data sheet says.</param>
    /// <param name="findings">Takes what is wrong with the recording.</param>
    public (PowerSeries Series, HostTimeLine Line)? Power(
        ChannelId channel, long fromUtcNs, long toUtcNs, double? delaySeconds, ICollection<Finding> findings)
    {
        (TraceRecord Trace, RawSample[] Samples, HostTimeLine Line, long Outside)? best = null;
        foreach (var trace in _store.Traces.OfChannel(Record.Id, channel, Quantity.ActivePower))
        {
            if (!_lines.TryGetValue(trace.Boot, out var line))
                continue;
            var samples = _store.Traces.Samples(trace.Id, line.FromUtcNs(fromUtcNs), line.FromUtcNs(toUtcNs), findings);
            var middle = line.FromUtcNs(fromUtcNs + (toUtcNs - fromUtcNs) / 2);
            var outside = TraceChoice.Outside(samples, middle);
            if (samples.Length > 0 && (best is null || outside < best.Value.Outside))
                best = (trace, samples, line, outside);
        }

        if (best is not { } found)
            return null;
        var description = found.Trace.Description;
        if (delaySeconds is { } delay)
            description = description with { Response = description.Response with { DelaySeconds = delay } };
        return (UpdateSeries.FromRaw(description, found.Samples), found.Line);
    }

    /// <summary>A state as it is printed: running, finished …</summary>
    public static string Name(CampaignState state) => JsonNamingPolicy.KebabCaseLower.ConvertName(state.ToString());

    private static (CampaignResults Results, long Id, string CodeVersion)? ReadResults(Store store, string campaign)
    {
        if (store.Results.Latest(campaign, CampaignRunner.ResultKind) is not { } row)
            return null;
        try
        {
            // As bytes: of a text the reader would keep room for three bytes a letter, and documents have tens of megabytes.
            return JsonSerializer.Deserialize<CampaignResults>(Encoding.UTF8.GetBytes(row.Document), ResultsJson.Options) is { } results
                ? (results, row.Id, row.CodeVersion)
                : null;
        }
        catch (JsonException e)
        {
            throw new StoreException(StoreFailure.Corrupt, $"{store.Path}: the results of campaign {campaign} cannot be read: {e.Message}", e);
        }
    }
}
