using MeterLab.Measurement;

namespace MeterLab.Estimators.Tests;

/// <summary>Recordings written by hand, and runs at their time: 2026-01-01 10:00:00 UTC.</summary>
internal static class Handmade
{
    public const double StartS = 1767261600;

    public static IReadOnlyList<EstimatorFile> Files(string folder) => Fixture.Folder("handmade/" + folder);

    public static EstimatorFile File(string path) => Fixture.Csv(Fixture.Text("handmade/" + path), Path.GetFileName(path));

    public static RunEstimate Estimate(IEstimator estimator, double from, double to, IReadOnlyList<EstimatorFile> files, string run = "night-1") => estimator.Estimate(new RunFacts
    {
        Run = run,
        DurationS = to - from,
        StartTargetNs = (long)((StartS + from) * 1e9),
        EndTargetNs = (long)((StartS + to) * 1e9),
        Device = Device.All,
        Hardware = new Hardware(),
        Files = files,
    });

    public static void IsUnverified(IReadOnlyList<Finding> findings) =>
        Assert.Contains(findings, finding => finding is { Rule: "format-unverified", Severity: Severity.Warning });

    public static void IsRefused(RunEstimate estimate, string words)
    {
        Assert.Null(estimate.EnergyJ);
        Assert.Contains(estimate.Findings, finding => finding.Severity == Severity.Invalid && finding.Detail.Contains(words, StringComparison.Ordinal));
    }
}
