using System.Globalization;

using MeterLab.Measurement;
using MeterLab.Orchestrator.Baselines;
using MeterLab.Storage;
using MeterLab.Storage.Campaigns;
using MeterLab.Storage.Traces;

namespace MeterLab.Orchestrator.Campaigns;

/// <summary>Which raw samples may go, by a person's rule. Pure: it reads the store and removes nothing.</summary>
public static class RawRetention
{
    /// <summary>
    /// What goes and what stays, and why. A campaign goes only with its results worked out: those are what is left of it. Throws
    /// <see cref="ConfigurationException"/> for a rule that says nothing, and for a campaign that is not named by its id.
    /// </summary>
    public static RetentionPlan Plan(Store store, RetentionRule rule, long nowUtcNs)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(rule);
        if (rule.OlderThan is null && rule.Campaigns.Count == 0)
            throw new ConfigurationException("say whose samples may go: --older-than 90d, or --campaign ID");
        foreach (var name in rule.Campaigns.Where(name => store.Campaigns.Get(name).Id != name))
            throw new ConfigurationException($"--campaign {name}: samples are removed for good, so a campaign is named by its id; the latest of that name is {store.Campaigns.Get(name).Id}");
        var (go, stay) = (new List<RawShare>(), new List<RetentionStay>());
        var campaigns = store.Campaigns.List();
        var latest = campaigns.GroupBy(campaign => campaign.Name).SelectMany(same => same.Take(rule.Keep)).Select(campaign => campaign.Id).ToHashSet();
        var baselines = Baselines(store);
        foreach (var share in store.Pruning.Shares())
        {
            var why = share.Campaign is { } id
                ? WhyStay(store, campaigns.First(campaign => campaign.Id == id), rule, latest, nowUtcNs)
                : WhyStay(share, baselines.GetValueOrDefault(share.Trace), rule, nowUtcNs);
            if (why is null)
                go.Add(share);
            else
                stay.Add(new RetentionStay(share.Campaign ?? string.Create(CultureInfo.InvariantCulture, $"trace {share.Trace}"), why));
        }

        return new RetentionPlan(go, stay);
    }

    private static string? WhyStay(Store store, CampaignRecord campaign, RetentionRule rule, HashSet<string> latest, long nowUtcNs)
    {
        var isNamed = rule.Campaigns.Contains(campaign.Id);
        if (rule.Campaigns.Count > 0 && !isNamed)
            return "not named";
        if (campaign.State == CampaignState.Running)
            return "under way, or its process was killed; resume it or reconcile it first";
        if (store.Results.Latest(campaign.Id, CampaignRunner.ResultKind) is null)
            return "its results were never worked out: meterlab reconcile " + campaign.Id;
        if (isNamed)
            return null;
        if (campaign.State is CampaignState.Interrupted or CampaignState.Failed)
            return "it can still be resumed";
        if (latest.Contains(campaign.Id))
            return string.Create(CultureInfo.InvariantCulture, $"one of the latest {rule.Keep} of its name");
        return WhyTooYoung(campaign.EndedUtcNs ?? campaign.StartedUtcNs, rule, nowUtcNs);
    }

    // Outside campaigns: a baseline by hand, whose figure is kept with it, or a recording.
    private static string? WhyStay(RawShare share, (long MeasuredUtcNs, int Rank) baseline, RetentionRule rule, long nowUtcNs)
    {
        if (rule.Campaigns.Count > 0)
            return "not named";
        return baseline.MeasuredUtcNs != 0 && baseline.Rank < rule.Keep
            ? string.Create(CultureInfo.InvariantCulture, $"one of the latest {rule.Keep} baselines of its target")
            : WhyTooYoung(baseline.MeasuredUtcNs != 0 ? baseline.MeasuredUtcNs : share.RecordedUtcNs, rule, nowUtcNs);
    }

    private static string? WhyTooYoung(long utcNs, RetentionRule rule, long nowUtcNs)
    {
        var age = TimeSpan.FromTicks((nowUtcNs - utcNs) / 100);
        return age >= rule.OlderThan ? null : string.Create(CultureInfo.InvariantCulture, $"{age.TotalDays:0.0} days old");
    }

    // By trace: when its baseline was measured, and how many newer ones its target has in that scope.
    private static Dictionary<long, (long MeasuredUtcNs, int Rank)> Baselines(Store store)
    {
        var traces = new Dictionary<long, (long, int)>();
        foreach (var same in store.Baselines.All().GroupBy(record => (record.Target, record.Scope)))
        {
            foreach (var (record, rank) in same.OrderByDescending(record => record.MeasuredUtcNs).Select((record, rank) => (record, rank)))
            {
                foreach (var trace in BaselineMeter.Read(record)?.Traces ?? [])
                    traces[trace] = (record.MeasuredUtcNs, rank);
            }
        }

        return traces;
    }
}

/// <summary>Whose samples may go.</summary>
/// <param name="OlderThan">What ended longer ago than this; null asks for campaigns by their ids.</param>
/// <param name="Keep">The latest so many of every name stay, however old.</param>
/// <param name="Campaigns">These, however old; empty takes all.</param>
public sealed record RetentionRule(TimeSpan? OlderThan, int Keep, IReadOnlyList<string> Campaigns);

/// <summary>What goes and what stays.</summary>
public sealed record RetentionPlan(IReadOnlyList<RawShare> Go, IReadOnlyList<RetentionStay> Stay);

/// <summary>What stays.</summary>
/// <param name="What">A campaign's id, or a trace outside one.</param>
/// <param name="Reason">Why.</param>
public sealed record RetentionStay(string What, string Reason);
