using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.Orchestrator.Reconciliation;

namespace MeterLab.Orchestrator.Validity;

/// <summary>Jitter of the sampling, use of the meter's range, samples that cannot be: what only the trace itself shows.</summary>
internal static class TraceRules
{
    private const double SpikeFactor = 5;
    private const int FewestForSpikes = 20;

    public static IEnumerable<Verdict> Of(RunCase run)
    {
        var feeds = run.Feeds.ToList();
        if (run.Time.StartNs is not { } start || run.Time.EndNs is not { } end || end <= start || feeds.Count == 0)
            return NothingToJudge("the run has no window, or no meter");
        var traces = feeds.Select(feed => (Feed: feed, Trace: run.Campaign.Power(feed.Channel, start, end))).Where(pair => pair.Trace is { Samples.Length: > 2 }).ToList();
        return traces.Count < feeds.Count
            ? NothingToJudge("not every channel has samples in the run")
            : traces.SelectMany(pair => OfChannel(pair.Feed, pair.Trace!, run)).ToList();
    }

    private static List<Verdict> NothingToJudge(string why) =>
        [.. ((string[])[RuleNames.Jitter, RuleNames.RangeUsed, RuleNames.Implausible]).Select(rule => Verdict.NotJudged(rule, why))];

    private static IEnumerable<Verdict> OfChannel(FeedEvidence feed, RecordedTrace trace, RunCase run)
    {
        yield return Jitter(feed, trace, run.Limits);
        var series = UpdateSeries.FromRaw(trace.Description, trace.Samples);
        yield return Range(feed, trace, series, run.Limits);
        // Values with the meter's own flag have been spoken of already.
        yield return Implausible(feed, series, run.Findings.Any(finding => finding.Rule == RuleNames.Implausible));
    }

    private static Verdict Jitter(FeedEvidence feed, RecordedTrace trace, RunLimits limits)
    {
        var spacings = new double[trace.Samples.Length - 1];
        for (var i = 0; i < spacings.Length; i++)
            spacings[i] = (Stamp(trace, i + 1) - Stamp(trace, i)) * 1e-9;
        Array.Sort(spacings);
        // A stream runs at the rate of its own crystal, which is not the data sheet's.
        var nominal = trace.Description.IntervalSeconds > 0 ? trace.Description.IntervalSeconds : spacings[spacings.Length / 2];
        var ratio = spacings[(int)Math.Ceiling(0.95 * spacings.Length) - 1] / Math.Max(nominal, 1e-12);
        return Verdict.Of(
            RuleNames.Jitter, Severity.Warning, ratio, 1 + limits.Jitter, "1", Math.Abs(ratio - 1) <= limits.Jitter,
            $"{feed.Channel}: 95 % of its samples come within {ratio:0.00} of the nominal {nominal * 1e3:0.##} ms; {1 - limits.Jitter:0.##} to {1 + limits.Jitter:0.##} is right");
    }

    private static long Stamp(RecordedTrace trace, int i)
    {
        ref readonly var sample = ref trace.Samples[i];
        return trace.Description.HasDeviceClock ? sample.DeviceNs : sample.BeforeNs + (sample.AfterNs - sample.BeforeNs) / 2;
    }

    private static Verdict Range(FeedEvidence feed, RecordedTrace trace, PowerSeries series, RunLimits limits)
    {
        if ((feed.RangeW ?? trace.Description.Accuracy?.Range) is not > 0)
            return Verdict.NotJudged(RuleNames.RangeUsed, $"{feed.Channel}: the meter's range is not known; the rig file can state it (range:)");
        var range = (feed.RangeW ?? trace.Description.Accuracy!.Range)!.Value;
        if (series.Count == 0)
            return Verdict.NotJudged(RuleNames.RangeUsed, $"{feed.Channel}: no values");
        var (mean, highest) = (0.0, 0.0);
        foreach (var watts in series.Watts)
            (mean, highest) = (mean + Math.Abs(watts) / series.Count, Math.Max(highest, Math.Abs(watts)));
        var held = mean >= limits.RangeLow * range && highest <= limits.RangeHigh * range;
        return Verdict.Of(
            RuleNames.RangeUsed, Severity.Warning, mean / range, mean < limits.RangeLow * range ? limits.RangeLow : limits.RangeHigh, "1", held,
            $"{feed.Channel}: {mean / range * 100:0.0} % of the meter's range of {range:0.##} W are used on average, {highest / range * 100:0.0} % at most; {limits.RangeLow * 100:0.##} to {limits.RangeHigh * 100:0.##} % is right");
    }

    // Kept, all of them; said, all of them.
    private static Verdict Implausible(FeedEvidence feed, PowerSeries series, bool said)
    {
        var watts = series.Watts;
        int flagged = 0, negative = 0;
        for (var i = 0; i < watts.Length; i++)
        {
            flagged += (series.Flags[i] & SampleFlags.Implausible) != 0 ? 1 : 0;
            negative += feed.Scope == Scope.WallAc && watts[i] < 0 ? 1 : 0;
        }

        var spikes = Spikes(watts);
        var verdict = Verdict.Of(
            RuleNames.Implausible, Severity.Warning, flagged + negative + spikes, 0, "samples", flagged + negative + spikes == 0,
            $"{feed.Channel}: {flagged} of {watts.Length} values are beyond what the meter can measure, {negative} are negative where a machine only draws, {spikes} stand alone far above or below both neighbours; all were kept");
        return said && negative + spikes == 0 ? verdict with { Severity = null } : verdict;
    }

    // A single value that leaves both neighbours on the same side, by several times what values usually move.
    private static int Spikes(ReadOnlySpan<double> watts)
    {
        if (watts.Length < FewestForSpikes)
            return 0;
        var moves = new double[watts.Length - 1];
        for (var i = 0; i < moves.Length; i++)
            moves[i] = Math.Abs(watts[i + 1] - watts[i]);
        Array.Sort(moves);
        // Two of the moves are the spike's own.
        var usual = moves[(int)(0.95 * (moves.Length - 2))];
        var spikes = 0;
        for (var i = 1; i < watts.Length - 1; i++)
        {
            var (before, after) = (watts[i] - watts[i - 1], watts[i] - watts[i + 1]);
            if (before * after > 0 && Math.Min(Math.Abs(before), Math.Abs(after)) > SpikeFactor * usual && usual > 0)
                spikes++;
        }

        return spikes;
    }
}
