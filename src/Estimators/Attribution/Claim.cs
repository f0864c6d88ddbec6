using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.Attribution;

/// <summary>An energy that an estimator claims, with all that tells whose it is.</summary>
internal sealed record Claim
{
    /// <summary>What it says.</summary>
    public required EstimatorRow Row { get; init; }

    /// <summary>Where it stands, for messages: <c>emissions.csv:3</c>.</summary>
    public required string Place { get; init; }

    /// <summary>Claims of one tracker grow; only the last of them counts.</summary>
    public required string Tracker { get; init; }

    /// <summary>When it ended, s since 1970, local times taken as UTC; null where the file does not tell.</summary>
    public double? EndedS { get; init; }

    /// <summary>The true end lies up to this much later than <see cref="EndedS"/>, s.</summary>
    public double StampStepS { get; init; } = 1;

    /// <summary>Whether its duration is that of what it claims; false where a defect makes it something else.</summary>
    public bool DurationCounts { get; init; } = true;

    /// <summary>Its course over time; null where there is only the total.</summary>
    public EnergySeries? Series { get; init; }

    /// <summary>Whether it is the sum of other claims; it counts where none of those names the run.</summary>
    public bool IsWhole { get; init; }

    /// <summary>What it covers; null where it is what the estimator always covers.</summary>
    public IReadOnlyList<Scope>? Scopes { get; init; }

    /// <summary>The step of the figure as written, J.</summary>
    public double ResolutionJ { get; init; }
}
