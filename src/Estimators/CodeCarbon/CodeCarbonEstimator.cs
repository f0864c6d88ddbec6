using MeterLab.Estimators.Attribution;
using MeterLab.Estimators.Text;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.CodeCarbon;

/// <summary>
/// CodeCarbon 2.0 to 3.3: RAPL or a model for the processor, energy counters of the graphics cards, a constant for the memory. It runs as
/// <c>codecarbon monitor</c> beside the workload, or inside a workload that tracks itself; both write a CSV when they stop.
/// </summary>
public sealed class CodeCarbonEstimator : FileEstimator
{
    /// <inheritdoc/>
    public override EstimatorFacts Facts { get; } = CodeCarbonFacts.Facts;

    /// <inheritdoc/>
    public override EstimatorLaunch? Launch(EstimatorSettings settings, string run)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.SelfTracked ? null : CodeCarbonMonitor.Launch(settings, run);
    }

    private protected override ClaimSet Open(IReadOnlyList<EstimatorFile> files)
    {
        var (rows, findings) = CodeCarbonReader.Read(files);
        return new ClaimSet(
            rows.LastOrDefault(row => row.Row.Version is not null).Row?.Version, [.. rows.Select(row => row.Row)],
            [.. rows.Where(row => !row.Record.IsTask).Select(row => ToClaim(row.Record, row.Row))], findings);
    }

    private Claim ToClaim(CodeCarbonRecord record, EstimatorRow row) => new()
    {
        Row = row,
        Place = record.Place,
        Tracker = record.Tracker,
        EndedS = row.EndedLocal is { } ended && CodeCarbonColumns.Time(ended) is { } time ? LocalTimes.AsUtcSeconds(time) : null,
        DurationCounts = row.Findings.All(finding => finding.Rule != "task-mode"),
        Scopes = record.GpuCount is > 0 || record.GpuKwh is > 0 ? Facts.Scopes : [Scope.CpuPackage, Scope.Dram],
    };
}
