using MeterLab.Estimators;
using MeterLab.Orchestrator.Rigs;

namespace MeterLab.Orchestrator.Campaigns;

/// <summary>One run of a plan, with everything filled in.</summary>
public sealed record PlannedRun
{
    /// <summary>Its name, unique in the campaign: <c>classify-03</c>. It does not depend on the order.</summary>
    public required string Name { get; init; }

    /// <summary>The target's name.</summary>
    public required string Target { get; init; }

    /// <summary>The workload that it is an execution of.</summary>
    public required Workload Workload { get; init; }

    /// <summary>The value of each parameter.</summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    /// <summary>From 1.</summary>
    public required int Repetition { get; init; }

    /// <summary>The estimators that it is compared with.</summary>
    public required IReadOnlyList<TargetEstimator> Estimators { get; init; }

    /// <summary>What static estimators count.</summary>
    public required Device Device { get; init; }

    /// <summary>Program and arguments, filled in; null for a script.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>The parameters as environment variables, for a command and a script alike.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }
}
