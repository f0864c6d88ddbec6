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

    // Counts of a register may be rare: so many readings are looked at on each side, for ten minutes at most.
    private const int RegisterPadReadings = 2000;
    private const double MostRegisterPadSeconds = 600;

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

    /// <summary>
    /// Truth meters summed by scope, widest first, then each check meter by itself. <paramref name="window"/> carries what is not known of
    /// the target's clock.
    /// </summary>
    public IReadOnlyList<(MeterResult Result, IReadOnlyList<Finding> Findings)> Energies(RunWindow window)
    {
        var results = new List<(MeterResult, IReadOnlyList<Finding>)>();
        foreach (var scope in target.Feeds.Where(f => f.Role == MeterRole.Truth).GroupBy(f => f.Scope).OrderBy(g => g.Key))
            results.Add(Sum([.. scope], window));
        foreach (var check in target.Feeds.Where(f => f.Role == MeterRole.Check))
            results.Add(Sum([check], window));
        return results;
    }

    private (MeterResult, IReadOnlyList<Finding>) Sum(List<FeedEvidence> feeds, RunWindow window)
    {
        var totals = feeds.Select(feed => OfChannel(feed.Channel, window)).ToList();
        var known = totals.All(t => t.EnergyJ is not null);
        var budget = totals.Aggregate(UncertaintyBudget.Empty, (sum, total) => sum.Plus(total.Budget));
        var certain = known && totals.All(t => t.UncertaintyKnown);
        // Meters are independent: their intervals add as their uncertainties do, and the factor is what comes of it.
        var expanded = certain ? Math.Sqrt(totals.Sum(t => t.UncertaintyJ!.Value * t.UncertaintyJ!.Value)) : (double?)null;
        var result = new MeterResult
        {
            Meter = string.Join('+', feeds.Select(f => f.Channel.Meter).Distinct()),
            Channel = string.Join('+', feeds.Select(f => f.Channel.Channel).Distinct()),
            Scope = Scopes.NameOf(feeds[0].Scope),
            EnergyJ = known ? totals.Sum(t => t.EnergyJ!.Value) : null,
            UncertaintyJ = expanded,
            K = expanded > 0 && budget.StandardJ > 0 ? expanded.Value / budget.StandardJ : 2,
            Coverage = totals.Min(t => t.Coverage),
            LongestGapS = known ? totals.Max(t => t.LongestGapS) : null,
            Budget = BudgetRow.Of(budget),
            Role = feeds[0].Role == MeterRole.Check ? "check" : "truth",
        };
        return (result, [.. totals.SelectMany((t, i) => t.Findings.Select(f => f with { Detail = $"{feeds[i].Channel}: {f.Detail}" }))]);
    }

    private EnergyTotal OfChannel(ChannelId channel, RunWindow window)
    {
        if (evidence.Power(channel, window.StartNs - PadNs, window.EndNs + PadNs) is not { Samples.Length: > 0 } trace)
            return new EnergyTotal { UncertaintyKnown = false, Findings = [new Finding("no-samples", Severity.Invalid, "nothing was recorded in this window.")] };
        var lag = LagOf(channel);
        var late = window with { CommonUncertaintyNs = Math.Sqrt(Math.Pow(window.CommonUncertaintyNs, 2) + Math.Pow(lag.UncertaintySeconds * 1e9, 2)) };
        var series = UpdateSeries.FromRaw(trace.Description with { Response = lag.Applied(trace.Description.Response) }, trace.Samples);
        var power = PowerIntegrator.Integrate(
            series, late, trace.Description.Accuracy, evidence.Limits, evidence.HostLine.RawRate(window.StartNs, window.EndNs));
        return OfRegister(channel, late, lag, trace.Description) is { } register ? TwoWitnesses.Of(power, register) : power;
    }

    private EnergyTotal? OfRegister(ChannelId channel, RunWindow window, ChannelLag lag, TraceDescription power)
    {
        var spacing = Math.Max(power.IntervalSeconds, power.Response.UpdatePeriodSeconds);
        var padNs = Math.Max(PadNs, (long)(Math.Min(MostRegisterPadSeconds, RegisterPadReadings * spacing) * 1e9));
        if (evidence.Register(channel, window.StartNs - padNs, window.EndNs + padNs) is not { Samples.Length: > 0 } trace)
            return null;
        var description = trace.Description with { Response = lag.Applied(trace.Description.Response) };
        var (times, joules, stampNs) = UpdateSeries.RegisterFromRaw(description, trace.Samples);
        return RegisterIntegrator.Integrate(
            times, joules, description.Resolution, window.WithStamp(stampNs), description.Accuracy, evidence.Limits, description.Wrap);
    }
}
