using MeterLab.Measurement.Energy;
using MeterLab.Orchestrator.Validity;

namespace MeterLab.Orchestrator.Rigs;

/// <summary>What is wired to what: the rig file, read and checked. Paths are absolute, quantities in SI units.</summary>
public sealed record Rig
{
    /// <summary>The rig's name.</summary>
    public required string Name { get; init; }

    /// <summary>The file that it was read from, as the user named it.</summary>
    public required string File { get; init; }

    /// <summary>The SQLite store.</summary>
    public required string StorePath { get; init; }

    /// <summary>The file of known host keys; null takes the account's own.</summary>
    public string? KnownHostsPath { get; init; }

    /// <summary>The meters, in the order of the file.</summary>
    public required IReadOnlyList<RigMeter> Meters { get; init; }

    /// <summary>The machines under test, in the order of the file.</summary>
    public required IReadOnlyList<RigTarget> Targets { get; init; }

    /// <summary>What must hold of an energy.</summary>
    public ValidityLimits Limits { get; init; } = ValidityLimits.Default;

    /// <summary>And of a run besides.</summary>
    public RunLimits RunLimits { get; init; } = RunLimits.Default;

    /// <summary>The meter of this name, or null.</summary>
    public RigMeter? FindMeter(string name) => Meters.FirstOrDefault(meter => meter.Name == name);

    /// <summary>The target of this name, or null.</summary>
    public RigTarget? FindTarget(string name) => Targets.FirstOrDefault(target => target.Name == name);
}
