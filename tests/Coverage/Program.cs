using MeterLab.Coverage.Calibration;
using MeterLab.Coverage.Change;

namespace MeterLab.Coverage;

/// <summary>
/// Judges the intervals that MeterLab states: simulated rigs whose truth is known, drawn by code that shares nothing with the
/// reconciler. <c>dotnet run -c Release --project tests/Coverage -- TABLE [ARGUMENTS]</c> prints one table as Markdown.
/// </summary>
internal static class Program
{
    // One line a table: its name, and what prints it.
    private static readonly SortedDictionary<string, Func<IReadOnlyList<string>, int>> Tables = new(StringComparer.Ordinal)
    {
        ["ablation"] = Ablation.AblationTable.Print,
        ["baseline"] = Baseline.BaselineTable.Print,
        ["calibration"] = _ => CalibrationTable.Print(),
        ["change"] = _ => ChangeTable.Print(),
        ["clock"] = _ => Clocks.ClockTable.Print(),
        ["energy"] = EnergyTable.Print,
        ["lag"] = Lag.LagTable.Print,
    };

    private static int Main(string[] arguments)
    {
        if (arguments.Length > 0 && Tables.TryGetValue(arguments[0], out var table))
            return table(arguments[1..]);
        Console.Error.WriteLine($"usage: coverage {string.Join('|', Tables.Keys)}");
        return 2;
    }
}
