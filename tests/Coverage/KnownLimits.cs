using MeterLab.Coverage.Simulation;

namespace MeterLab.Coverage;

/// <summary>
/// Cells that are known not to hold, because what decides is not in the trace: docs/coverage.md says why for each. The table shows them as
/// what they are; only the test leaves them out.
/// </summary>
internal static class KnownLimits
{
    private static readonly (string Meter, string Shape)[] Cells =
    [
        ("1 s mean, 0.1 %", "bursts"),
        ("1 s, 0.5 s mean", "bursts"),
        ("1 s, 50 ms snapshot", "bursts"),
    ];

    /// <summary>Whether a cell is one of them.</summary>
    public static bool Contains(MeterClass meter, LoadShape shape) => Cells.Contains((meter.Name, shape.Name));
}
