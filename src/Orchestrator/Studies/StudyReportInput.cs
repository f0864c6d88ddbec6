using MeterLab.Storage.Studies;

namespace MeterLab.Orchestrator.Studies;

/// <summary>Everything that the report of a study shows. Rendering is a pure function of it.</summary>
public sealed record StudyReportInput
{
    /// <summary>The figures, as <c>study report --json</c> has them.</summary>
    public required StudyReportResult Result { get; init; }

    /// <summary>Every experiment under every estimator.</summary>
    public required IReadOnlyList<StudyPoint> Points { get; init; }

    /// <summary>The recordings with the hashes of their files, and what was left out of each.</summary>
    public required IReadOnlyList<StudyRecording> Recordings { get; init; }

    /// <summary>The version of the program that worked it out.</summary>
    public required string MeterlabVersion { get; init; }

    /// <summary>
    /// The study of that name, or the one imported last. Throws <see cref="Measurement.ConfigurationException"/> where there is none of that name.
    /// </summary>
    public static StudyReportInput Of(StudyStore store, string? name, string version)
    {
        var study = StudyReport.Find(store, name);
        return new StudyReportInput { Result = StudyReport.Of(study), Points = StudyPoint.Of(study), Recordings = study.Recordings, MeterlabVersion = version };
    }
}
