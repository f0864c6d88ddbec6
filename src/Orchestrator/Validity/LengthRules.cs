using MeterLab.Measurement;

namespace MeterLab.Orchestrator.Validity;

/// <summary>Whether a run is long enough for a statement to 1 %. A shorter one stands, with its wider uncertainty.</summary>
internal static class LengthRules
{
    public static IEnumerable<Verdict> Of(RunCase run)
    {
        if (run.Seconds is not { } seconds)
        {
            yield return Verdict.NotJudged(RuleNames.Duration, "the run has no window");
            yield return Verdict.NotJudged(RuleNames.MeterCounts, "the run has no window");
            yield break;
        }

        var least = run.Limits.Duration.TotalSeconds;
        yield return Verdict.Of(
            RuleNames.Duration, Severity.Note, seconds, least, "s", seconds >= least,
            $"the run lasts {seconds:0.0} s; a statement to 1 % wants {least:0.##} s");
        yield return Counts(run, seconds);
    }

    private static Verdict Counts(RunCase run, double seconds)
    {
        if (run.Truth?.EnergyJ is not { } energy || run.Time.StartNs is not { } start)
            return Verdict.NotJudged(RuleNames.MeterCounts, "there is no energy to judge");
        var resolution = run.Feeds.Select(feed => run.Campaign.Power(feed.Channel, start, start + 1_000_000_000)?.Description.Resolution ?? 0).DefaultIfEmpty(0).Max();
        if (resolution <= 0)
            return Verdict.NotJudged(RuleNames.MeterCounts, "the meter's resolution is too fine to matter");
        var counts = Math.Abs(energy / seconds) / resolution;
        return Verdict.Of(
            RuleNames.MeterCounts, Severity.Note, counts, run.Limits.MeterCounts, "counts", counts >= run.Limits.MeterCounts,
            $"the mean power is {counts:0} counts of the meter ({resolution:G3} W each); a statement to 1 % wants {run.Limits.MeterCounts:0}");
    }
}
