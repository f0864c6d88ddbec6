namespace MeterLab.Estimators;

/// <summary>What static estimators count.</summary>
public enum Device
{
    /// <summary>the processor</summary>
    Cpu,

    /// <summary>the graphics cards</summary>
    Gpu,

    /// <summary>both</summary>
    All,
}

/// <summary>What MeterLab knows of a run when an estimator's figure for it is worked out. Nothing here comes from a meter.</summary>
public sealed record RunFacts
{
    /// <summary>MeterLab's name of the run; estimators on the target were given it as project name.</summary>
    public required string Run { get; init; }

    /// <summary>s, between the runner's stamps on the target's clock.</summary>
    public required double DurationS { get; init; }

    /// <summary>The runner's start stamp on the target's clock, ns since 1970 as that machine believes.</summary>
    public required long StartTargetNs { get; init; }

    /// <summary>The runner's end stamp.</summary>
    public required long EndTargetNs { get; init; }

    /// <summary>What the workload says it uses.</summary>
    public required Device Device { get; init; }

    /// <summary>The target's parts.</summary>
    public required Hardware Hardware { get; init; }

    /// <summary>CPU seconds that the workload used, by the target's own accounting; null where not known.</summary>
    public double? CpuSeconds { get; init; }

    /// <summary>CPU seconds that the whole target used in the run (all processes); null where not known.</summary>
    public double? MachineCpuSeconds { get; init; }

    /// <summary>How busy the processor was over the run, where that was recorded; empty where only the sums above are known.</summary>
    public IReadOnlyList<LoadInterval> Utilisation { get; init; } = [];

    /// <summary>The files from the estimator's own folder; empty where it runs nothing.</summary>
    public IReadOnlyList<EstimatorFile> Files { get; init; } = [];
}
