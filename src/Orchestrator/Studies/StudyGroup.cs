using MeterLab.Estimators.MlCo2Impact;
using MeterLab.Measurement.Statistics;
using MeterLab.Storage.Studies;

namespace MeterLab.Orchestrator.Studies;

/// <summary>One experiment with the meter that watched it.</summary>
/// <param name="Experiment">What was recorded.</param>
/// <param name="ResolutionJ">One count of the meter, J.</param>
internal sealed record StudyRun(StudyExperiment Experiment, double ResolutionJ)
{
    /// <summary>Error of CodeCarbon against the meter, %.</summary>
    public double CodeCarbonErrorPct => ErrorStatistics.RelativeErrorPct(Experiment.EstimatorJ, Experiment.MeterJ);

    /// <summary>Error of power x time against the meter, %; null where nobody knows the processor's power.</summary>
    public double? StaticErrorPct => StudyGroup.StaticPowerW(Experiment.Architecture) is { } power
        ? ErrorStatistics.RelativeErrorPct(power * Experiment.DurationS, Experiment.MeterJ)
        : null;

    /// <summary>One count as a share of the run, %.</summary>
    public double CountPct => ResolutionJ / Experiment.MeterJ * 100;
}

/// <summary>Experiments of one kind of work on one kind of processor.</summary>
internal sealed record StudyGroup(string Name, IReadOnlyList<StudyRun> Runs)
{
    // The study's own figures for the two parts it used: the calculator listed the card with 300 W for a while, the processor is rated 125 W.
    private static readonly (string Part, double PowerW)[] StudyPowers = [("RTX 4090", 300), ("i9-13900K", 125)];

    /// <summary>The groups of a study by name.</summary>
    public static IReadOnlyList<StudyGroup> Of(StudyRecord study) =>
        [.. study.Recordings
            .SelectMany(recording => recording.Experiments.Select(experiment =>
                (Group: NameOf(recording.Name, experiment.Architecture), Run: new StudyRun(experiment, recording.ResolutionJ))))
            .GroupBy(run => run.Group, run => run.Run)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new StudyGroup(group.Key, [.. group]))];

    /// <summary>
    /// <c>vision-gpu</c>: the kind of work from the recording's name, the processor from the architecture (contract, section 6).
    /// A recording of another name is a kind of work of its own, called by the word that its name begins with.
    /// </summary>
    public static string NameOf(string recording, string architecture)
    {
        var work = recording switch
        {
            _ when recording.StartsWith("ollama", StringComparison.Ordinal) => "language",
            _ when recording.StartsWith("imagenet", StringComparison.Ordinal) => "vision",
            _ => new string([.. recording.TakeWhile(char.IsLetterOrDigit)]) is { Length: > 0 } word ? word : recording,
        };
        return work + (architecture.StartsWith("NVIDIA", StringComparison.Ordinal) ? "-gpu" : "-cpu");
    }

    /// <summary>The static power of an architecture, W: the study's own figure, else the calculator's list; null where neither knows it.</summary>
    public static double? StaticPowerW(string architecture)
    {
        foreach (var (part, power) in StudyPowers)
        {
            if (architecture.EndsWith(part, StringComparison.Ordinal))
                return power;
        }

        var kind = architecture.StartsWith("NVIDIA", StringComparison.Ordinal) ? HardwareKind.Gpu : HardwareKind.Cpu;
        return HardwareTable.Find(architecture, kind)?.PowerW;
    }
}
