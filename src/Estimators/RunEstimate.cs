using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators;

/// <summary>What one estimator says about one run.</summary>
public sealed record RunEstimate
{
    /// <summary>The estimator's name.</summary>
    public required string Estimator { get; init; }

    /// <summary>Its version; null where it has none or does not tell.</summary>
    public string? Version { get; init; }

    /// <summary>J; null where it said nothing usable about this run (a finding says why), never 0 instead.</summary>
    public double? EnergyJ { get; init; }

    /// <summary>J by component: cpu, gpu, ram.</summary>
    public IReadOnlyDictionary<string, double> ComponentsJ { get; init; } = new Dictionary<string, double>();

    /// <summary>What the figure covers.</summary>
    public required IReadOnlyList<Scope> Scopes { get; init; }

    /// <summary>The estimator's own duration, s.</summary>
    public double? DurationS { get; init; }

    /// <summary>The step of the figure as written, J (full width of a rounding interval); 0 where negligible.</summary>
    public double ResolutionJ { get; init; }

    /// <summary>What is noteworthy.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];
}
