using MeterLab.Measurement;

namespace MeterLab.Storage.Studies;

/// <summary>One experiment that was recorded elsewhere: what the estimator said, and what the meter showed before and after.</summary>
public sealed record StudyExperiment
{
    /// <summary>The recording's own identity of it.</summary>
    public required string Run { get; init; }

    /// <summary>The processor or graphics card that did the work, as recorded.</summary>
    public required string Architecture { get; init; }

    /// <summary>The model that was run.</summary>
    public required string Model { get; init; }

    /// <summary>All other parameters by name.</summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    /// <summary>Start on the recording's own clock, UTC ns since 1970.</summary>
    public required long StartUtcNs { get; init; }

    /// <summary>End on that clock.</summary>
    public required long EndUtcNs { get; init; }

    /// <summary>The estimator's own duration, s, above 0.</summary>
    public required double DurationS { get; init; }

    /// <summary>The estimator's energy, J.</summary>
    public required double EstimatorJ { get; init; }

    /// <summary>The meter's counter before it, J.</summary>
    public required double MeterStartJ { get; init; }

    /// <summary>The meter's counter after it, J; above <see cref="MeterStartJ"/>.</summary>
    public required double MeterStopJ { get; init; }

    /// <summary>What the meter says it took, J.</summary>
    public double MeterJ => MeterStopJ - MeterStartJ;
}

/// <summary>A run or an image that was left out.</summary>
/// <param name="Run">Its name in the recording.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record StudySkipped(string Run, string Reason);

/// <summary>A pair of files: experiments and photographed readings.</summary>
public sealed record StudyRecording
{
    /// <summary>The name of the pair, without endings.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 over both files.</summary>
    public required string Sha256 { get; init; }

    /// <summary>One count of the meter, J.</summary>
    public required double ResolutionJ { get; init; }

    /// <summary>The experiments that could be used, in order of time.</summary>
    public required IReadOnlyList<StudyExperiment> Experiments { get; init; }

    /// <summary>What was left out.</summary>
    public required IReadOnlyList<StudySkipped> Skipped { get; init; }

    /// <summary>What is noteworthy about the recording.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }
}

/// <summary>Recordings that belong together.</summary>
/// <param name="Name">The study's name.</param>
/// <param name="Recordings">By name.</param>
public sealed record StudyRecord(string Name, IReadOnlyList<StudyRecording> Recordings);
