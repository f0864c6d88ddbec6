using System.Globalization;

using MeterLab.Measurement;

namespace MeterLab.Estimators.Attribution;

/// <summary>
/// Finds the claim that is about a run: by the project name that it was given, else a single one whose time window fits. Claims are
/// compared with the runner's stamps, which are on the same clock; local times are taken as UTC, which every launch sets. What does not
/// fit is refused in words: somebody else's energy is worse than none.
/// </summary>
internal static class RunAttribution
{
    private const double ToleranceS = 1;

    // Start-up before and last reading after the workload that a tracker beside it may include.
    private const double ExcessS = 60;
    private const double LeastShare = 0.5;

    /// <summary>The claim, or the finding that says why there is none, and findings about how it was found.</summary>
    public static (Claim? Claim, IReadOnlyList<Finding> Findings) Find(string estimator, IReadOnlyList<Claim> claims, RunFacts run)
    {
        var last = claims.GroupBy(claim => claim.Tracker).Select(tracker => tracker.Last()).ToArray();
        if (last.Length == 0)
            return (null, [Refuse("no-energy", $"there is no row for the run '{run.Run}'")]);
        var named = last.Where(claim => claim.Row.Project == run.Run).ToArray();
        if (named.Length > 1)
            return (null, [Refuse("several-rows", $"{named.Length} rows of different trackers name the run '{run.Run}'; which one is meant cannot be told")]);
        if (named.Length == 0 && Array.Exists(last, claim => claim.IsWhole))
            last = [.. last.Where(claim => claim.IsWhole)];
        if (named.Length == 0 && last.Length > 1)
            return (null, [Refuse("several-rows", $"there are {last.Length} rows and none names the run '{run.Run}'; which one is meant cannot be told")]);

        var claim = named.Length == 1 ? named[0] : last[0];
        if (WhyNot(claim, run, strict: named.Length == 0) is { } why)
            return (null, [Refuse("other-row", Opening(claim, run, named.Length == 1) + why)]);
        var findings = new List<Finding>(Window(estimator, claim, run));
        if (named.Length == 0 && claim.Row.Project is { } project)
            findings.Add(new Finding("attributed-by-time", Severity.Note, $"the row at {claim.Place} names the project '{project}'; it is taken for this run because its time window fits"));
        else if (last.Length > 1)
            findings.Add(new Finding("other-rows", Severity.Note, $"{last.Length - 1} rows of other runs lie in the same folder and are left out"));
        return (claim, findings);
    }

    private static string Opening(Claim claim, RunFacts run, bool named) => (named, claim.Row.Project) switch
    {
        (true, _) => $"the row at {claim.Place} names this run, but ",
        (_, { } project) => $"the only row, at {claim.Place}, names '{project}' and not the run '{run.Run}', and ",
        _ => $"the only row, at {claim.Place}, does not say whose it is, and ",
    };

    // Strict: nothing but the time tells that it is this run's row, so the windows must lie inside one another.
    private static string? WhyNot(Claim claim, RunFacts run, bool strict)
    {
        if (claim.EndedS is not { } endS)
            return strict ? "it has no usable time that would tell" : null;
        var (runStartS, runEndS) = (run.StartTargetNs / 1e9, run.EndTargetNs / 1e9);
        var (toEndS, duration) = (endS - runEndS, claim.Row.DurationS ?? 0);
        var startLatestS = endS + claim.StampStepS - duration;
        if (endS + claim.StampStepS + ToleranceS < runStartS)
            return $"it ended {Text(runStartS - endS)} s before this run began: an old row, or a clock in another zone than UTC";
        if (claim.DurationCounts && startLatestS - claim.StampStepS - ToleranceS > runEndS)
            return $"it began {Text(startLatestS - runEndS)} s after this run ended: a later row, or a clock in another zone than UTC";
        if (toEndS > ExcessS)
            return $"it ended {Text(toEndS)} s after this run: another run's row, or a clock in another zone than UTC";
        if (!claim.DurationCounts || claim.Row.DurationS is null)
            return strict ? "its duration says nothing about whose it is" : null;
        if (duration < LeastShare * run.DurationS - claim.StampStepS)
            return $"its window is {Text(duration)} s of the run's {Text(run.DurationS)} s";
        if (claim.Series is null && duration > run.DurationS + ExcessS)
            return $"its window of {Text(duration)} s is far longer than the run's {Text(run.DurationS)} s";

        var startEarliestS = endS - duration;
        var encloses = startEarliestS <= runStartS + ToleranceS && endS + claim.StampStepS >= runEndS - ToleranceS;
        var within = startLatestS >= runStartS - ToleranceS && endS <= runEndS + ToleranceS;
        return strict && !encloses && !within ? "its time window only overlaps with this run's" : null;
    }

    // A series is cut to the run, so that its own length does not matter.
    private static IEnumerable<Finding> Window(string estimator, Claim claim, RunFacts run)
    {
        if (claim.Row.DurationS is not { } duration || !claim.DurationCounts || claim.Series is not null)
            yield break;
        var difference = duration - run.DurationS;
        if (Math.Abs(difference) <= Math.Max(1, 0.01 * run.DurationS))
            yield break;
        var severity = Math.Abs(difference) > 0.05 * run.DurationS ? Severity.Warning : Severity.Note;
        yield return new Finding("window", severity, difference > 0
            ? $"{estimator}'s window is {Text(difference)} s longer than the run's {Text(run.DurationS)} s; what the machine drew in that time is in its figure"
            : $"{estimator}'s window is {Text(-difference)} s shorter than the run's {Text(run.DurationS)} s; what the machine drew in that time is missing in its figure");
    }

    private static Finding Refuse(string rule, string why) => new(rule, Severity.Invalid, why + "; no energy is attributed");

    private static string Text(double seconds) => seconds.ToString(seconds < 100 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
