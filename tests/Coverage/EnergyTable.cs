using System.Globalization;

using MeterLab.Coverage.Simulation;

namespace MeterLab.Coverage;

/// <summary>The table of docs/coverage.md: classes of meters by shapes of loads, each pair alone.</summary>
internal static class EnergyTable
{
    private const int DefaultWindows = 1000;

    /// <summary>
    /// Prints it. Arguments: windows a cell, a seed (default: random), a part of a class's name. Returns 1 where a cell does not hold.
    /// </summary>
    public static int Print(IReadOnlyList<string> arguments)
    {
        var windows = arguments.Count > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : DefaultWindows;
        var seed = arguments.Count > 1 && arguments[1] != "random" ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : Environment.TickCount;
        var only = arguments.Count > 2 ? arguments[2] : "";
        Console.WriteLine($"{windows} windows a cell, seed {seed}");
        Console.WriteLine();
        Console.WriteLine("| meter | shape | window | coverage | p95 of error / U | median U / E | under-sampled | holds |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        var all = true;
        foreach (var cell in Cells(windows, seed, only))
        {
            Console.WriteLine(Row(cell));
            all &= cell.Holds;
        }

        return all ? 0 : 1;
    }

    /// <summary>Simulates cell after cell.</summary>
    public static IEnumerable<CoverageCell> Cells(int windows, int seed, string only = "")
    {
        foreach (var meter in MeterClass.All.Where(meter => meter.Name.Contains(only, StringComparison.Ordinal)))
        {
            foreach (var shape in LoadShape.All)
            {
                foreach (var placement in Enum.GetValues<Placement>())
                    yield return CoverageCell.Simulate(meter, shape, placement, windows, unchecked(seed * 31 + meter.Name.Length * 7 + shape.Name.Length + (int)placement));
            }
        }
    }

    private static string Row(CoverageCell cell) => cell.IsJudged
        ? FormattableString.Invariant(
            $"| {cell.Meter} | {cell.Shape} | {Where(cell)} | {cell.Coverage * 100:0.0} % | {cell.Ratio:0.00} | {cell.MedianRelative * 100:0.00} % | {Refused(cell):0} % | {(cell.Holds ? "yes" : "NO")} |")
        : FormattableString.Invariant($"| {cell.Meter} | {cell.Shape} | {Where(cell)} | - | - | - | {Refused(cell):0} % | {(cell.Holds ? "yes" : "NO")} |");

    private static double Refused(CoverageCell cell) => 100.0 * cell.UnderSampled / cell.Windows;

    private static string Where(CoverageCell cell) => cell.Placement == Placement.Run ? "run" : "anywhere";
}
