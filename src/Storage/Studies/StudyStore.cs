using MeterLab.Measurement;

namespace MeterLab.Storage.Studies;

/// <summary>Recorded studies. Importing the same files twice changes nothing; files that changed are kept beside the older ones and count from then on.</summary>
public sealed class StudyStore
{
    private readonly StoreContext _context;

    /// <summary>The studies of a store.</summary>
    public StudyStore(Store store)
    {
        ArgumentNullException.ThrowIfNull(store);
        _context = store.Context;
    }

    /// <summary>The names, the study imported last at the end.</summary>
    public IReadOnlyList<string> Names => _context.Database.Query<string>(
        "SELECT name FROM study ORDER BY (SELECT max(imported_utc_ns) FROM study_recording WHERE study = study.id), id");

    /// <summary>Keeps a study's recordings, all or none. Returns how many were new or had changed.</summary>
    public int Import(StudyRecord study)
    {
        ArgumentNullException.ThrowIfNull(study);
        var changed = 0;
        _context.Database.InTransaction(() =>
        {
            _context.Database.Execute(
                "INSERT INTO study (name, created_utc_ns) VALUES (@Name, @UtcNs) ON CONFLICT (name) DO NOTHING",
                new { study.Name, _context.UtcNs });
            var id = _context.Database.First<long>("SELECT id FROM study WHERE name = @Name", new { study.Name });
            changed = study.Recordings.Count(recording => Import(id, recording));
        });
        return changed;
    }

    /// <summary>A study as it stands; null where there is none of that name.</summary>
    public StudyRecord? Find(string name)
    {
        var recordings = _context.Database.Query<RecordingRow>(
            """
            SELECT recording.id, recording.name, recording.sha256, recording.resolution_j
            FROM study JOIN study_recording AS recording ON recording.study = study.id
            WHERE study.name = @name AND recording.current = 1 ORDER BY recording.name
            """,
            new { name });
        return recordings.Count == 0 ? null : new StudyRecord(name, [.. recordings.Select(Load)]);
    }

    private bool Import(long study, StudyRecording recording)
    {
        var known = _context.Database.First<CurrentRow>(
            "SELECT id, current FROM study_recording WHERE study = @study AND name = @Name AND sha256 = @Sha256",
            new { study, recording.Name, recording.Sha256 });
        if (known is { Current: 1 })
            return false;
        _context.Database.Execute(
            "UPDATE study_recording SET current = 0 WHERE study = @study AND name = @Name", new { study, recording.Name });
        if (known is not null)
        {
            // The older files came back.
            _context.Database.Execute("UPDATE study_recording SET current = 1 WHERE id = @Id", new { known.Id });
            return true;
        }

        var id = _context.Database.Insert(
            """
            INSERT INTO study_recording (study, name, sha256, resolution_j, current, imported_utc_ns)
            VALUES (@study, @Name, @Sha256, @ResolutionJ, 1, @UtcNs)
            """,
            new { study, recording.Name, recording.Sha256, recording.ResolutionJ, _context.UtcNs });
        InsertRows(id, recording);
        return true;
    }

    private void InsertRows(long recording, StudyRecording content)
    {
        var position = 0;
        foreach (var experiment in content.Experiments)
        {
            _context.Database.Execute(
                """
                INSERT INTO study_experiment (recording, run, position, architecture, model, parameters, start_utc_ns, end_utc_ns, duration_s,
                  estimator_j, meter_start_j, meter_stop_j)
                VALUES (@recording, @Run, @position, @Architecture, @Model, @parameters, @StartUtcNs, @EndUtcNs, @DurationS,
                  @EstimatorJ, @MeterStartJ, @MeterStopJ)
                """,
                new
                {
                    recording, experiment.Run, position = position++, experiment.Architecture, experiment.Model,
                    parameters = StoreJson.Write(experiment.Parameters), experiment.StartUtcNs, experiment.EndUtcNs, experiment.DurationS,
                    experiment.EstimatorJ, experiment.MeterStartJ, experiment.MeterStopJ,
                });
        }

        foreach (var (run, reason) in content.Skipped)
            _context.Database.Execute("INSERT INTO study_skipped (recording, run, reason) VALUES (@recording, @run, @reason)", new { recording, run, reason });
        foreach (var (rule, severity, detail) in content.Findings)
        {
            _context.Database.Execute(
                "INSERT INTO study_finding (recording, rule, severity, detail) VALUES (@recording, @rule, @severity, @detail)",
                new { recording, rule, severity = severity.ToString().ToLowerInvariant(), detail });
        }
    }

    private StudyRecording Load(RecordingRow row) => new()
    {
        Name = row.Name,
        Sha256 = row.Sha256,
        ResolutionJ = row.ResolutionJ,
        Experiments = [.. _context.Database.Query<ExperimentRow>(
            """
            SELECT run, architecture, model, parameters, start_utc_ns, end_utc_ns, duration_s, estimator_j, meter_start_j, meter_stop_j
            FROM study_experiment WHERE recording = @Id ORDER BY position
            """,
            new { row.Id }).Select(ToExperiment)],
        Skipped = [.. _context.Database.Query<SkippedRow>("SELECT run, reason FROM study_skipped WHERE recording = @Id ORDER BY id", new { row.Id })
            .Select(skipped => new StudySkipped(skipped.Run, skipped.Reason))],
        Findings = [.. _context.Database.Query<FindingRow>("SELECT rule, severity, detail FROM study_finding WHERE recording = @Id ORDER BY id", new { row.Id })
            .Select(finding => new Finding(finding.Rule, Enum.Parse<Severity>(finding.Severity, ignoreCase: true), finding.Detail))],
    };

    private static StudyExperiment ToExperiment(ExperimentRow row) => new()
    {
        Run = row.Run,
        Architecture = row.Architecture,
        Model = row.Model,
        Parameters = StoreJson.Read<Dictionary<string, string>>(row.Parameters),
        StartUtcNs = row.StartUtcNs,
        EndUtcNs = row.EndUtcNs,
        DurationS = row.DurationS,
        EstimatorJ = row.EstimatorJ,
        MeterStartJ = row.MeterStartJ,
        MeterStopJ = row.MeterStopJ,
    };

    private sealed record CurrentRow
    {
        public long Id { get; init; }
        public long Current { get; init; }
    }

    private sealed record RecordingRow
    {
        public long Id { get; init; }
        public required string Name { get; init; }
        public required string Sha256 { get; init; }
        public double ResolutionJ { get; init; }
    }

    private sealed record ExperimentRow
    {
        public required string Run { get; init; }
        public required string Architecture { get; init; }
        public required string Model { get; init; }
        public required string Parameters { get; init; }
        public long StartUtcNs { get; init; }
        public long EndUtcNs { get; init; }
        public double DurationS { get; init; }
        public double EstimatorJ { get; init; }
        public double MeterStartJ { get; init; }
        public double MeterStopJ { get; init; }
    }

    private sealed record SkippedRow
    {
        public required string Run { get; init; }
        public required string Reason { get; init; }
    }

    private sealed record FindingRow
    {
        public required string Rule { get; init; }
        public required string Severity { get; init; }
        public required string Detail { get; init; }
    }
}
