using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators;

/// <summary>What an estimator is and what its figure covers.</summary>
public sealed record EstimatorFacts
{
    /// <summary>The name in campaign files and results: <c>codecarbon</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What its energy covers, as it claims.</summary>
    public required IReadOnlyList<Scope> Scopes { get; init; }

    /// <summary>One sentence: what it sees.</summary>
    public required string Covers { get; init; }

    /// <summary>One sentence: what it cannot see.</summary>
    public required string LeavesOut { get; init; }

    /// <summary>Whether a program runs on the target, or MeterLab computes the figure from what it knows of the run.</summary>
    public required bool RunsOnTarget { get; init; }

    /// <summary>Where the facts come from.</summary>
    public required string Source { get; init; }

    /// <summary>Which clock stamps and which measures its times, and how finely.</summary>
    public required string Clock { get; init; }

    /// <summary>What has to be installed or allowed on a target.</summary>
    public required string Install { get; init; }

    /// <summary>Defects that are known, with the versions that have them.</summary>
    public IReadOnlyList<KnownDefect> Defects { get; init; } = [];

    /// <summary>What it needs on a target.</summary>
    public IReadOnlyList<TargetNeed> Needs { get; init; } = [];

    /// <summary>The program that <c>command:</c> of the rig file names, where that is not the one that is launched; null where it is.</summary>
    public string? Program { get; init; }

    /// <summary>The words that make it tell its version, its program first; empty where none do.</summary>
    public IReadOnlyList<string> VersionQuery { get; init; } = [];

    /// <summary>
    /// Names of the files that it leaves in a workload's folder where the workload tracks itself, <c>*</c> for any part of a name; empty
    /// where it cannot be used that way.
    /// </summary>
    public IReadOnlyList<string> OwnFiles { get; init; } = [];

    /// <summary>
    /// Variables that a workload which tracks itself finds set, <c>{run}</c> for the run's name: what makes its files attributable.
    /// </summary>
    public IReadOnlyDictionary<string, string> WorkloadEnvironment { get; init; } = new Dictionary<string, string> { ["TZ"] = "UTC", ["METERLAB_RUN"] = "{run}" };

    /// <summary>
    /// Whether the reader of its files was tried on recordings of the genuine tool. Where not, every result carries the finding
    /// <c>format-unverified</c>.
    /// </summary>
    public bool FormatVerified { get; init; } = true;
}
