using MeterLab.Measurement.Statistics;
using MeterLab.Orchestrator.Reports;
using MeterLab.Storage.Studies;

namespace MeterLab.Orchestrator.Studies;

/// <summary>One experiment of a study under one estimator: a point of the report's pictures, a row of its runs.csv.</summary>
public sealed record StudyPoint
{
    // Two readings of a counter leave a triangle on ± one count: its standard deviation, doubled.
    private static readonly double ExpandedOfTwoReadings = 2 * Math.Sqrt(1.0 / 6);

    /// <summary>The pair of files.</summary>
    public required string Recording { get; init; }

    /// <summary>The recording's own identity of the experiment.</summary>
    public required string Run { get; init; }

    /// <summary>vision-gpu …</summary>
    public required string Group { get; init; }

    /// <summary>The model that was run.</summary>
    public required string Model { get; init; }

    /// <summary>Its number of parameters; null where nobody said.</summary>
    public double? ModelParameters { get; init; }

    /// <summary>The estimator.</summary>
    public required string Estimator { get; init; }

    /// <summary>s, by the estimator.</summary>
    public required double DurationS { get; init; }

    /// <summary>What the meter says, J.</summary>
    public required double MeterJ { get; init; }

    /// <summary>What its count leaves open, expanded (95 %), J.</summary>
    public required double MeterUncertaintyJ { get; init; }

    /// <summary>What the estimator says, J.</summary>
    public required double EstimateJ { get; init; }

    /// <summary>(estimate - meter) / meter, %.</summary>
    public double ErrorPct => ErrorStatistics.RelativeErrorPct(EstimateJ, MeterJ);

    /// <summary>Expanded uncertainty of the error, from the meter's count alone, %.</summary>
    public double ErrorUncertaintyPct => Math.Abs(EstimateJ / MeterJ) * MeterUncertaintyJ / MeterJ * 100;

    /// <summary>All points of a study, by group and in order of time; an estimator that says nothing of an experiment has none.</summary>
    public static IReadOnlyList<StudyPoint> Of(StudyRecord study)
    {
        ArgumentNullException.ThrowIfNull(study);
        var recordings = new Dictionary<StudyExperiment, string>(ReferenceEqualityComparer.Instance);
        foreach (var recording in study.Recordings)
        {
            foreach (var experiment in recording.Experiments)
                recordings.Add(experiment, recording.Name);
        }

        return [.. StudyGroup.Of(study).SelectMany(group => group.Runs.SelectMany(run => Points(group.Name, recordings[run.Experiment], run)))];
    }

    private static IEnumerable<StudyPoint> Points(string group, string recording, StudyRun run)
    {
        yield return Point(group, recording, run, StudyCalibration.Estimator, run.Experiment.EstimatorJ);
        if (StudyGroup.StaticPowerW(run.Experiment.Architecture) is { } power)
            yield return Point(group, recording, run, "ml-co2-impact", power * run.Experiment.DurationS);
    }

    private static StudyPoint Point(string group, string recording, StudyRun run, string estimator, double estimateJ) => new()
    {
        Recording = recording,
        Run = run.Experiment.Run,
        Group = group,
        Model = run.Experiment.Model,
        ModelParameters = ModelSize.Of(new Dictionary<string, string>(run.Experiment.Parameters, StringComparer.Ordinal) { ["model"] = run.Experiment.Model }),
        Estimator = estimator,
        DurationS = run.Experiment.DurationS,
        MeterJ = run.Experiment.MeterJ,
        MeterUncertaintyJ = ExpandedOfTwoReadings * run.ResolutionJ,
        EstimateJ = estimateJ,
    };
}
