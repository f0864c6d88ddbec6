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
}
