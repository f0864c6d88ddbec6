using MeterLab.Orchestrator.Reconciliation;
using MeterLab.Storage.Studies;

namespace MeterLab.Orchestrator.Studies;

/// <summary>Brings a folder of recordings into the store.</summary>
public static class StudyImporter
{
    /// <summary>
    /// Reads the folder and keeps what is new. Throws <see cref="Measurement.ConfigurationException"/> where there is nothing to
    /// import and <see cref="Storage.StoreException"/> where the store cannot be written.
    /// </summary>
    public static StudyImportResult Import(string folder, StudyStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        var (study, findings) = StudyReader.Read(folder);
        var changed = store.Import(study);
        return new StudyImportResult
        {
            Study = study.Name,
            Recordings = [.. study.Recordings.Select(recording => recording.Name)],
            Experiments = study.Recordings.Sum(recording => recording.Experiments.Count),
            Skipped = [.. study.Recordings.SelectMany(recording => recording.Skipped.Select(skipped => new SkippedRow(skipped.Run, skipped.Reason, recording.Name)))],
            Findings = [.. findings.Concat(study.Recordings.SelectMany(recording => recording.Findings)).Select(FindingRows.Of)],
            Changed = changed,
        };
    }
}
