using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Lag;
using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Samples;

namespace MeterLab.Orchestrator.Reconciliation;

/// <summary>How late a channel shows its power, from the sync patterns or, where those were not seen, from its data sheet.</summary>
/// <param name="DelaySeconds">From the end of an averaging window until its value can be read.</param>
/// <param name="UncertaintySeconds">Standard.</param>
/// <param name="Averaging">The response that explains the trace.</param>
/// <param name="Source">pattern, profile, or why the pattern was refused.</param>
/// <param name="Measured">Whether a pattern fixed it.</param>
internal sealed record ChannelLag(double DelaySeconds, double UncertaintySeconds, MeterResponse Averaging, string Source, bool Measured)
{
    // Network plugs and PDUs are late by up to a few of their own updates, and a fast stream by its buffers.
    private const double MaxDelayPeriods = 4;
    private const double MaxDelayFloorSeconds = 0.5;

    // Power follows the stamped signal as scheduler, boost clock, regulators and the supply's capacitors let it: a first-order rise of up to
    // this time constant, which is the load's and not the meter's. A quick meter shows it, for a slow one it stays in the uncertainty.
    private const double LongestLoadRiseSeconds = 0.02;

    /// <summary>The lag of one channel from all patterns that its target played.</summary>
    public static ChannelLag Of(ChannelId channel, TargetEvidence target, CampaignEvidence evidence)
    {
        ChannelLag? refused = null;
        var measured = new List<ChannelLag>();
        foreach (var pattern in target.Patterns)
        {
            var pad = 10_000_000_000;
            if (evidence.Power(channel, pattern.FromNs - pad, pattern.ToNs + pad) is not { } trace || trace.Samples.Length == 0)
                continue;
            var lag = FromPattern(pattern, trace, target);
            if (lag.Measured)
                measured.Add(lag);
            else
                refused = lag;
        }

        if (measured.Count > 0)
            return Combine(measured);
        if (refused is not null)
            return refused;
        var any = evidence.Power(channel, long.MinValue / 2, long.MinValue / 2 + 1);
        return FromProfile(any?.Description.Response, "no sync pattern was recorded");
    }

    /// <summary>What the data sheet says: a delay that nobody knows lies between nothing and an update period (rectangular).</summary>
    public static ChannelLag FromProfile(MeterResponse? response, string why)
    {
        if (response is null)
            return new ChannelLag(0, 0, new MeterResponse(1, 1, 0), why, false);
        return response.DelayKnown
            ? new ChannelLag(response.DelaySeconds, 0, response, $"profile ({why})", false)
            : new ChannelLag(
                response.DelaySeconds + response.UpdatePeriodSeconds / 2, response.UpdatePeriodSeconds / Math.Sqrt(12), response, $"profile, delay unknown ({why})", false);
    }

    /// <summary>The response to read a trace with: this lag in place of the profile's.</summary>
    public MeterResponse Applied(MeterResponse profile) => profile with
    {
        AveragingSeconds = Averaging.AveragingSeconds,
        Shape = Averaging.Shape,
        DelaySeconds = DelaySeconds,
    };

    private static ChannelLag FromPattern(PlayedPattern played, RecordedTrace trace, TargetEvidence target)
    {
        var response = trace.Description.Response;
        var fit = ClockFit.Fit(target.Clock, ClockId.Target(target.Name));
        var edges = new List<long>();
        var levels = new List<bool>();
        double signals = 0;
        foreach (var edge in played.Edges)
        {
            var middle = edge.BeforeNs + (edge.AfterNs - edge.BeforeNs) / 2;
            if (fit.ToLine(middle, played.FromNs, played.ToNs) is not { } place)
                return FromProfile(response, "the clock does not cover the sync pattern");
            if (edges.Count > 0 && place.LineNs <= edges[^1])
                continue;
            edges.Add(place.LineNs);
            levels.Add(edge.Busy);
            signals += edge.AfterNs - edge.BeforeNs;
        }

        if (edges.Count < 4)
            return FromProfile(response, "the sync pattern has too few edges");
        // Arrivals of updates: the response's own delay is what is asked, so it is not removed.
        var arrivals = UpdateSeries.FromRaw(trace.Description with { Response = response with { DelaySeconds = 0 } }, trace.Samples);
        var maxDelay = Math.Max(MaxDelayFloorSeconds, MaxDelayPeriods * response.UpdatePeriodSeconds);
        var lag = LagFit.Fit(
            arrivals.EndNs, arrivals.Watts, new LoadPattern(edges, levels), response, response.AveragingKnown, maxDelay,
            arrivals.StampUncertaintyNs, LongestLoadRiseSeconds);
        if (!lag.Visible)
            return FromProfile(response, lag.Reason);
        // The clock's error moves the pattern and the runs alike: it does not enter here, only in the window. When within its signals an
        // edge was is not known, and every edge takes them in the same order.
        var signal = signals * 1e-9 / edges.Count / Math.Sqrt(12);
        return new ChannelLag(
            lag.DelaySeconds,
            Math.Sqrt(lag.DelayUncertaintySeconds * lag.DelayUncertaintySeconds + signal * signal),
            response with { AveragingSeconds = lag.AveragingSeconds, Shape = lag.Shape, DelaySeconds = lag.DelaySeconds },
            "pattern",
            true);
    }

    // Patterns at both ends: weighted by what each knows; their disagreement counts.
    private static ChannelLag Combine(List<ChannelLag> lags)
    {
        if (lags.Count == 1)
            return lags[0];
        double weights = 0, delay = 0;
        foreach (var lag in lags)
        {
            var weight = 1 / Math.Max(lag.UncertaintySeconds * lag.UncertaintySeconds, 1e-12);
            weights += weight;
            delay += weight * lag.DelaySeconds;
        }

        delay /= weights;
        var spread = lags.Max(lag => Math.Abs(lag.DelaySeconds - delay));
        var best = lags.MinBy(lag => lag.UncertaintySeconds)!;
        return best with { DelaySeconds = delay, UncertaintySeconds = Math.Max(Math.Sqrt(1 / weights), spread / Math.Sqrt(3)) };
    }
}
