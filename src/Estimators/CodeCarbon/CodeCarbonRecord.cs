using MeterLab.Measurement;

namespace MeterLab.Estimators.CodeCarbon;

/// <summary>One row of a CodeCarbon file as written: kWh with the PUE still inside. The place columns are never taken over.</summary>
internal sealed record CodeCarbonRecord
{
    public required string Place { get; init; }
    public string? Task { get; init; }
    public string? Project { get; init; }
    public string? RunId { get; init; }
    public string? Timestamp { get; init; }
    public string? Version { get; init; }
    public string? Mode { get; init; }
    public double? DurationS { get; init; }
    public double? EmissionsKg { get; init; }
    public double? EmissionsRate { get; init; }
    public double? CpuPowerW { get; init; }
    public double? RamPowerW { get; init; }
    public double? CpuKwh { get; init; }
    public double? GpuKwh { get; init; }
    public double? RamKwh { get; init; }
    public double? TotalKwh { get; init; }
    public double? GpuCount { get; init; }

    public IReadOnlyList<string> Processors { get; init; } = [];

    /// <summary>The PUE of the row; null where its file has no such column.</summary>
    public double? Pue { get; init; }

    /// <summary>Whether the energies may be used: the row is whole, or safe by position.</summary>
    public bool EnergySafe { get; init; }

    public IReadOnlyList<Finding> Findings { get; init; } = [];

    public bool IsTask => Task is not null;

    /// <summary>What tells one tracker from another; rows without an id stand alone.</summary>
    public string Tracker => RunId ?? Place;
}
