using MeterLab.Measurement;
using MeterLab.Measurement.Energy;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.Measurement.Uncertainty;
using MeterLab.Orchestrator.Reports;
using MeterLab.Orchestrator.Rigs;

namespace MeterLab.Orchestrator.Reconciliation;

/// <summary>The energy of one window in each metered scope of a target.</summary>
internal sealed class MeterReconciler(CampaignEvidence evidence, TargetEvidence target)
{
    // Around a window so much trace is loaded: neighbours of the edges, and room for a late meter.
    private const long PadNs = 15_000_000_000;

    private readonly Dictionary<ChannelId, ChannelLag> _lags = [];

    /// <summary>The lag of a channel, worked out once.</summary>
    public ChannelLag LagOf(ChannelId channel)
    {
        if (!_lags.TryGetValue(channel, out var lag))
            _lags[channel] = lag = ChannelLag.Of(channel, target, evidence);
        return lag;
    }

    /// <summary>The channel that decides about a run: of the widest scope.</summary>
    public FeedEvidence? Primary => target.Feeds.Where(f => f.Role == MeterRole.Truth).OrderBy(f => f.Scope).FirstOrDefault();

    /// <summary>Truth meters summed by scope, widest first, then each check meter by itself.</summary>
    public IReadOnlyList<(MeterResult Result, IReadOnlyList<Finding> Findings)> Energies(long startNs, long endNs, double clockNs, double rateUncertainty)
    {
        var results = new List<(MeterResult, IReadOnlyList<Finding>)>();
        foreach (var scope in target.Feeds.Where(f => f.Role == MeterRole.Truth).GroupBy(f => f.Scope).OrderBy(g => g.Key))
            results.Add(Sum([.. scope], startNs, endNs, clockNs, rateUncertainty));
        foreach (var check in target.Feeds.Where(f => f.Role == MeterRole.Check))
            results.Add(Sum([check], startNs, endNs, clockNs, rateUncertainty));
        return results;
    }

    private (MeterResult, IReadOnlyList<Finding>) Sum(List<FeedEvidence> feeds, long startNs, long endNs, double clockNs, double rateUncertainty)
    {
        var totals = feeds.Select(feed => OfChannel(feed.Channel, startNs, endNs, clockNs, rateUncertainty)).ToList();
        var known = totals.All(t => t.EnergyJ is not null);
        var budget = totals.Aggregate(UncertaintyBudget.Empty, (sum, total) => sum.Plus(total.Budget));
        var certain = known && totals.All(t => t.UncertaintyKnown);
        var result = new MeterResult
        {
            Meter = string.Join('+', feeds.Select(f => f.Channel.Meter).Distinct()),
            Channel = string.Join('+', feeds.Select(f => f.Channel.Channel).Distinct()),
            Scope = Scopes.NameOf(feeds[0].Scope),
            EnergyJ = known ? totals.Sum(t => t.EnergyJ!.Value) : null,
            UncertaintyJ = certain ? 2 * budget.StandardJ : null,
            K = 2,
            Coverage = totals.Min(t => t.Coverage),
            LongestGapS = known ? totals.Max(t => t.LongestGapS) : null,
            Budget = BudgetRow.Of(budget),
            Role = feeds[0].Role == MeterRole.Check ? "check" : "truth",
        };
        return (result, [.. totals.SelectMany((t, i) => t.Findings.Select(f => f with { Detail = $"{feeds[i].Channel}: {f.Detail}" }))]);
    }

    private EnergyTotal OfChannel(ChannelId channel, long startNs, long endNs, double clockNs, double rateUncertainty)
    {
        if (evidence.Power(channel, startNs - PadNs, endNs + PadNs) is not { Samples.Length: > 0 } trace)
            return new EnergyTotal { UncertaintyKnown = false, Findings = [new Finding("no-samples", Severity.Invalid, "nothing was recorded in this window.")] };
        var lag = LagOf(channel);
        var series = UpdateSeries.FromRaw(trace.Description with { Response = lag.Applied(trace.Description.Response) }, trace.Samples);
        var common = Math.Sqrt(clockNs * clockNs + Math.Pow(lag.UncertaintySeconds * 1e9, 2));
        // The target's own seconds enter through the difference of its two stamps.
        var edge = rateUncertainty * (endNs - startNs) / Math.Sqrt(2);
        var window = new RunWindow(startNs, endNs, common, edge);
        return PowerIntegrator.Integrate(series, window, trace.Description.Accuracy, evidence.Limits, evidence.HostLine.RawRate(startNs, endNs));
    }
}
