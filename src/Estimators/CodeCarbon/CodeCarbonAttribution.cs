using System.Globalization;

using MeterLab.Measurement;

namespace MeterLab.Estimators.CodeCarbon;

/// <summary>
/// Finds the row that is about a run: by the project name that it was given, else a single row whose time window fits. Rows are compared
/// with the runner's stamps, which are on the same clock; the row's time is in whole seconds and taken as UTC, which the launch sets.
/// A row that does not fit is refused in words: somebody else's energy is worse than none.
/// </summary>
internal static class CodeCarbonAttribution
{
    // The timestamp is cut to whole seconds: the true end lies up to this much later.
    private const double StampStepS = 1;
    private const double ToleranceS = 1;

    // Start-up before and last reading after the workload that a tracker beside it may include.
    private const double ExcessS = 60;
    private const double LeastShare = 0.5;

    /// <summary>The row, or the finding that says why there is none, and findings about how it was found.</summary>
    public static (CodeCarbonRecord? Record, EstimatorRow? Row, IReadOnlyList<Finding> Findings) Find(
        IReadOnlyList<(CodeCarbonRecord Record, EstimatorRow Row)> rows, RunFacts run)
    {
        var last = rows.Where(row => !row.Record.IsTask).GroupBy(row => row.Record.Tracker).Select(tracker => tracker.Last()).ToArray();
        if (last.Length == 0)
            return (null, null, [Refuse("no-energy", $"there is no row for the run '{run.Run}'")]);
        var named = last.Where(row => row.Row.Project == run.Run).ToArray();
        if (named.Length > 1)
            return (null, null, [Refuse("several-rows", $"{named.Length} rows of different trackers name the run '{run.Run}'; which one is meant cannot be told")]);
        if (named.Length == 0 && last.Length > 1)
            return (null, null, [Refuse("several-rows", $"there are {last.Length} rows and none names the run '{run.Run}'; which one is meant cannot be told")]);

        var (record, row) = named.Length == 1 ? named[0] : last[0];
        var taskMode = row.Findings.Any(finding => finding.Rule == "task-mode");
        if (WhyNot(row, run, strict: named.Length == 0, taskMode) is { } why)
            return (null, null, [Refuse("other-row", named.Length == 1
                ? $"the row at {record.Place} names this run, but {why}"
                : $"the only row, at {record.Place}, names '{row.Project}' and not the run '{run.Run}', and {why}")]);
        var findings = new List<Finding>(taskMode ? [] : Window(row, run));
        if (named.Length == 0)
            findings.Add(new Finding("attributed-by-time", Severity.Note, $"the row at {record.Place} names the project '{row.Project}'; it is taken for this run because its time window fits"));
        else if (last.Length > 1)
            findings.Add(new Finding("other-rows", Severity.Note, $"{last.Length - 1} rows of other runs lie in the same folder and are left out"));
        return (record, row, findings);
    }

    // Strict: nothing but the time tells that it is this run's row, so the windows must lie inside one another.
    private static string? WhyNot(EstimatorRow row, RunFacts run, bool strict, bool taskMode)
    {
        if (row.EndedLocal is null || CodeCarbonColumns.Time(row.EndedLocal) is not { } ended)
            return strict ? "has no usable time that would tell whose it is" : null;
        var endS = (ended.InUtc().ToInstant() - NodaTime.Instant.FromUnixTimeTicks(0)).TotalSeconds;
        var (runStartS, runEndS) = (run.StartTargetNs / 1e9, run.EndTargetNs / 1e9);
        var (toEndS, duration) = (endS - runEndS, row.DurationS ?? 0);
        var startLatestS = endS + StampStepS - duration;
        if (endS + StampStepS + ToleranceS < runStartS)
            return $"it ended {Text(runStartS - endS)} s before this run began: an old row, or a clock in another zone than UTC";
        if (!taskMode && startLatestS - StampStepS - ToleranceS > runEndS)
            return $"it began {Text(startLatestS - runEndS)} s after this run ended: a later row, or a clock in another zone than UTC";
        if (toEndS > ExcessS)
            return $"it ended {Text(toEndS)} s after this run: another run's row, or a clock in another zone than UTC";
        if (taskMode || row.DurationS is null)
            return strict ? "its duration says nothing about whose it is" : null;
        if (duration < LeastShare * run.DurationS - StampStepS)
            return $"its window is {Text(duration)} s of the run's {Text(run.DurationS)} s";
        if (duration > run.DurationS + ExcessS)
            return $"its window of {Text(duration)} s is far longer than the run's {Text(run.DurationS)} s";

        var startEarliestS = endS - duration;
        var encloses = startEarliestS <= runStartS + ToleranceS && endS + StampStepS >= runEndS - ToleranceS;
        var within = startLatestS >= runStartS - ToleranceS && endS <= runEndS + ToleranceS;
        return strict && !encloses && !within ? "its time window only overlaps with this run's" : null;
    }

    private static IEnumerable<Finding> Window(EstimatorRow row, RunFacts run)
    {
        if (row.DurationS is not { } duration)
            yield break;
        var difference = duration - run.DurationS;
        if (Math.Abs(difference) <= Math.Max(1, 0.01 * run.DurationS))
            yield break;
        var severity = Math.Abs(difference) > 0.05 * run.DurationS ? Severity.Warning : Severity.Note;
        yield return new Finding("window", severity, difference > 0
            ? $"codecarbon's window is {Text(difference)} s longer than the run's {Text(run.DurationS)} s; what the machine drew in that time is in its figure"
            : $"codecarbon's window is {Text(-difference)} s shorter than the run's {Text(run.DurationS)} s; what the machine drew in that time is missing in its figure");
    }

    private static Finding Refuse(string rule, string why) => new(rule, Severity.Invalid, why + "; no energy is attributed");

    private static string Text(double seconds) => seconds.ToString(seconds < 100 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
