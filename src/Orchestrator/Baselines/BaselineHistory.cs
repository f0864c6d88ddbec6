using MeterLab.Measurement;
using MeterLab.Measurement.Statistics;

namespace MeterLab.Orchestrator.Baselines;

/// <summary>A new baseline against the earlier ones of the same target and scope. Pure.</summary>
public static class BaselineHistory
{
    /// <summary>How often a change is called where there is none.</summary>
    public const double FalseAlarmRate = 0.01;

    // Older ones tell little of the present level, and their scatter is that of another season.
    private const int MostNights = 30;

    /// <summary>The comparison, and what must be said of it; null where there is nothing to compare with.</summary>
    /// <param name="earlier">The earlier ones, the oldest first.</param>
    /// <param name="now">The new one.</param>
    public static (BaselineComparison? Comparison, IReadOnlyList<Finding> Findings) Compare(IReadOnlyList<BaselineResult> earlier, BaselineResult now)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        ArgumentNullException.ThrowIfNull(now);
        if (earlier.Count == 0)
            return (null, [new Finding("baseline-first", Severity.Note, $"This is the first baseline of {now.Target} in {now.Scope}; there is nothing to compare it with.")]);
        var last = earlier[^1];
        var same = earlier.Reverse().TakeWhile(one => one.Fingerprint == last.Fingerprint).Take(MostNights).Reverse().ToList();
        var test = BaselineChange.Test([.. same.Select(one => Night(one, now))], [Night(now, last)], FalseAlarmRate);
        var changes = Targets.FingerprintChanges.Of(last.Machine, now.Machine);
        if (changes.Count == 0 && last.Fingerprint != now.Fingerprint)
            changes = ["the fingerprint is another one, in a part that the earlier baseline does not tell"];
        var comparison = new BaselineComparison(
            test.ChangeW, test.ThresholdW, FalseAlarmRate, test.Changed, test.Nights, last.Measured, changes,
            test.UncertaintyW, test.BeyondNights, test.NightsThresholdW, test.NightScatterW, test.ScatterAssumed);
        var findings = new List<Finding>(Words(comparison, test));
        if (changes.Count == 0 && Drift([.. same, now]) is { } drift)
            findings.Add(drift);
        return (comparison, findings);
    }

    // What stands out of the nights is a change of the machine; what is only more than two measurements leave open may be what every night brings.
    private static IEnumerable<Finding> Words(BaselineComparison found, BaselineChange test)
    {
        var size = FormattableString.Invariant($"{test.ChangeW:+0.00;-0.00} W ± {test.UncertaintyW:0.00} W against {Count(test.Nights)} until {found.Since}");
        var since = string.Join("; ", found.FingerprintChanges);
        if (test.Changed)
        {
            var cause = found.FingerprintChanges.Count > 0 ? $" Since then {since}." : test.BeyondNights
                ? " Nothing in the machine's fingerprint changed: look for dust, room temperature, disks, cables." : " Nothing in the machine's fingerprint changed.";
            yield return new Finding(
                "baseline-change", test.BeyondNights ? Severity.Warning : Severity.Note,
                $"The idle power {(test.BeyondNights ? "changed" : "differs")} by {size}: {Limits(test)}{cause}");
        }
        else if (found.FingerprintChanges.Count > 0)
        {
            yield return new Finding("baseline-fingerprint", Severity.Note, $"The machine changed since the last baseline: {since}. No change of its idle power is seen, {size}: {Limits(test)}");
        }
        else
        {
            yield return new Finding("baseline-compared", Severity.Note, $"No change of the idle power is seen, {size}: {Limits(test)}");
        }
    }

    private static string Limits(BaselineChange test)
    {
        if (!test.ScatterAssumed)
            return FormattableString.Invariant($"a change is called beyond {test.ThresholdW:0.00} W, with 1 % false alarms; from night to night the power scatters by about {test.NightScatterW:0.00} W.");
        var stands = test.BeyondNights ? "it would stand out" : "it would not stand out";
        return FormattableString.Invariant(
            $"the measurements themselves leave {test.MeasurementsThresholdW:0.00} W open, with 1 % false alarms where nothing but they varies. How much this machine scatters from night to night is not known before {BaselineChange.FewestNights + 1} baselines; {stands} of {test.NightScatterW:0.00} W (beyond {test.NightsThresholdW:0.00} W).");
    }

    // Small changes that stay add up; one test against the mean of all misses them.
    private static Finding? Drift(IReadOnlyList<BaselineResult> same)
    {
        var cusum = BaselineCusum.Of([.. same.Select(one => Night(one, same[^1]))], FalseAlarmRate);
        return cusum.Alarm is null || cusum.Since is not { } since ? null : new Finding("baseline-drift", Severity.Warning,
            $"The idle power has drifted since about {same[since].Measured}: the sums over {same.Count} baselines exceed {cusum.Threshold:0.0} (one false alarm in 100 baselines), with the machine's fingerprint unchanged.");
    }

    // The meters' own error is the same on both sides, and cancels, as long as they are the same meters; their rounding does not.
    private static BaselineNight Night(BaselineResult one, BaselineResult other)
    {
        var meter = one.Channels.SequenceEqual(other.Channels) ? one.UResolutionW ?? one.UMeterW ?? 0 : one.UMeterW ?? 0;
        var variance = one.URandomW * one.URandomW + meter * meter;
        // Only the machine's own wandering was estimated, from so many values (Welch and Satterthwaite).
        var freedom = Math.Max(1, one.Freedom ?? one.EffectiveCount - 1);
        return new BaselineNight(one.StaticW, Math.Sqrt(variance), one.URandomW > 0 ? freedom * Math.Pow(variance / (one.URandomW * one.URandomW), 2) : double.PositiveInfinity);
    }

    private static string Count(int baselines) => baselines == 1 ? "one baseline" : $"the mean of {baselines} baselines";
}
