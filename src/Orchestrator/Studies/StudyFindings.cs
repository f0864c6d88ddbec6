using MeterLab.Measurement;
using MeterLab.Storage.Studies;

namespace MeterLab.Orchestrator.Studies;

/// <summary>What a study's figures rest on, and what no arithmetic can get out of them.</summary>
internal static class StudyFindings
{
    // Outcomes of a run, not settings: two runs of one setting may differ in them.
    private static readonly string[] Outcomes = ["n_samples"];

    // The run on which one count of the meter is worth this much.
    private const double WantedPct = 1;

    /// <summary>All findings, those made at import last.</summary>
    public static IEnumerable<Finding> Of(StudyRecord study, IReadOnlyList<StudyGroup> groups) =>
    [
        .. groups.SelectMany(group => new[] { Resolution(group), Length(group), StaticPower(group) }.OfType<Finding>()),
        .. groups.Select(Window).OfType<Finding>(),
        .. groups.Select(Repeatability).OfType<Finding>(),
        .. study.Recordings.SelectMany(Skipped),
        .. study.Recordings.SelectMany(recording => recording.Findings),
    ];

    private static Finding Resolution(StudyGroup group)
    {
        var counts = group.Runs.Select(run => run.CountPct).Order().ToArray();
        return new Finding("meter-resolution", counts[^1] > WantedPct ? Severity.Warning : Severity.Note, FormattableString.Invariant(
            $"{group.Name}: one count of the meter ({group.Runs[0].ResolutionJ:0} J) is {counts[0]:0.0}-{counts[^1]:0.0} % of a run, {counts[counts.Length / 2]:0.0} % in the middle; the two readings alone are worth ± one count"));
    }

    private static Finding? Length(StudyGroup group)
    {
        var tooShort = group.Runs.Count(run => run.CountPct > WantedPct);
        if (tooShort == 0)
            return null;
        // At its own power: a run that draws little needs longer than one that draws much.
        var needed = group.Runs.Where(run => run.CountPct > WantedPct).Select(run => run.ResolutionJ / (WantedPct / 100) / run.Experiment.MeterJ * run.Experiment.DurationS).Order().ToArray();
        var lengths = group.Runs.Where(run => run.CountPct > WantedPct).Select(run => run.Experiment.DurationS).Order().ToArray();
        return new Finding("run-too-short", Severity.Warning, FormattableString.Invariant(
            $"{group.Name}: {tooShort} of {group.Runs.Count} runs are shorter than this meter needs for one count to be {WantedPct:0} %: those last {lengths[lengths.Length / 2]:0} s in the middle, and at their power {needed[needed.Length / 2]:0} s would be needed"));
    }

    // The pictures carry no time. What is known: the recorded start and end enclose both, and the picture after a run is taken when the
    // tracker has stopped, in the published protocol up to about 8 s later.
    private static Finding? Window(StudyGroup group)
    {
        var around = group.Runs
            .Select(run => (run.Experiment.EndUtcNs - run.Experiment.StartUtcNs) / 1e9 - run.Experiment.DurationS)
            .Order().ToArray();
        if (around[^1] <= 0)
            return null;
        var share = group.Runs.Select(run => 8 / run.Experiment.DurationS * 100).Average();
        return new Finding("meter-window", Severity.Warning, FormattableString.Invariant(
            $"{group.Name}: the meter's window is longer than the estimator's: the picture after a run is taken when the tracker has stopped, up to about 8 s later ({share:0.0} % of such a run's time); the pictures carry no time, and the recorded starts and ends only bound the difference, to {around[^1]:0} s ({around[around.Length / 2]:0} s in the middle, loading included)"));
    }

    private static Finding? Repeatability(StudyGroup group)
    {
        var settings = group.Runs.GroupBy(run => Setting(run.Experiment)).ToArray();
        var repeated = settings.Count(setting => setting.Count() > 1);
        return repeated > settings.Length / 2
            ? null
            : new Finding("repeatability-unmeasured", Severity.Warning,
                $"{group.Name}: {(repeated == 0 ? "no setting was" : $"only {repeated} of {settings.Length} settings were")} run twice, so no repeatability was measured; error bars drawn for these runs rest on nothing in the recording");
    }

    private static string Setting(StudyExperiment experiment) => string.Join('\n', experiment.Parameters
        .Where(parameter => !Outcomes.Contains(parameter.Key))
        .OrderBy(parameter => parameter.Key, StringComparer.Ordinal)
        .Select(parameter => $"{parameter.Key}={parameter.Value}")
        .Prepend(experiment.Model)
        .Prepend(experiment.Architecture));

    private static Finding StaticPower(StudyGroup group)
    {
        var powers = group.Runs.Select(run => run.Experiment.Architecture).Distinct(StringComparer.Ordinal)
            .Select(architecture => (Name: architecture, Power: StudyGroup.StaticPowerW(architecture))).ToArray();
        return Array.Exists(powers, part => part.Power is null)
            ? new Finding("power-unknown", Severity.Warning,
                $"{group.Name}: nobody lists the power of {string.Join(", ", powers.Where(part => part.Power is null).Select(part => $"'{part.Name}'"))}; ml-co2-impact has no figure for those runs")
            : new Finding("static-power", Severity.Note,
                $"{group.Name}: ml-co2-impact is {string.Join(", ", powers.Select(part => FormattableString.Invariant($"{part.Power:0} W for {part.Name}")))} times the estimator's duration");
    }

    private static IEnumerable<Finding> Skipped(StudyRecording recording) => recording.Skipped.Select(skipped =>
        new Finding("skipped", Severity.Note, $"{recording.Name}: {skipped.Run} was left out: {skipped.Reason}"));
}
