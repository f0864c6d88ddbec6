namespace MeterLab.Estimators;

/// <summary>A part that a static estimator counts.</summary>
/// <param name="Model">As the rig file names it.</param>
/// <param name="PowerW">Its rated power, W; null where only the model is known.</param>
public sealed record HardwarePart(string Model, double? PowerW);

/// <summary>What a target is made of, as its rig file says.</summary>
public sealed record Hardware
{
    /// <summary>The processor.</summary>
    public HardwarePart? Cpu { get; init; }

    /// <summary>Logical processors; null where not known.</summary>
    public int? LogicalCpus { get; init; }

    /// <summary>The graphics cards.</summary>
    public IReadOnlyList<HardwarePart> Gpus { get; init; } = [];

    /// <summary>Memory in bytes.</summary>
    public double? MemoryBytes { get; init; }
}
