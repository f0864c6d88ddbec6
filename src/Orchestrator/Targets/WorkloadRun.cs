namespace MeterLab.Orchestrator.Targets;

/// <summary>Where a run's state lies on its target. Enough to find it again after the lab host was away.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="StateDirectory">The absolute path of its folder there.</param>
/// <param name="Companions">The estimators started beside it.</param>
public sealed record WorkloadRun(string Run, string StateDirectory, IReadOnlyList<string> Companions)
{
    /// <summary>The state folder of an estimator beside this run.</summary>
    public string CompanionDirectory(string companion) =>
        Companions.Contains(companion)
            ? $"{StateDirectory}/estimators/{companion}"
            : throw new ArgumentException($"no '{companion}' ran beside {Run}", nameof(companion));
}

/// <summary>What the target says of a run.</summary>
public enum WorkloadState
{
    /// <summary>under way</summary>
    Running,

    /// <summary>ended, and its record is complete</summary>
    Ended,

    /// <summary>its supervisor is gone without a record: the target was restarted, or somebody killed it</summary>
    Lost,
}
