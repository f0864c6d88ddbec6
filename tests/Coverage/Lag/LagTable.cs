using System.Globalization;

namespace MeterLab.Coverage.Lag;

/// <summary>The table of the lag fit, and how often it takes for a pattern what is none.</summary>
internal static class LagTable
{
    private const int DefaultTrials = 1_000;

    /// <summary>Prints it. Arguments: fits a class, a seed (default: random), a part of a class's name. Returns 1 where a cell does not keep what is wanted.</summary>
    public static int Print(IReadOnlyList<string> arguments)
    {
        var trials = arguments.Count > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : DefaultTrials;
        var seed = arguments.Count > 1 && arguments[1] != "random" ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : Environment.TickCount & 0xFFFFFF;
        var only = arguments.Count > 2 ? arguments[2] : "";
        var good = true;
        Line($"{trials} fits a class, seed {seed}");
        Line("");
        Line("| meter | fits | refused | within 5 % of period or 2 ms | median error | 95 % of errors below | coverage | p95 of error / U |");
        Line("|---|---|---|---|---|---|---|---|");
        foreach (var of in LagClass.All.Where(c => c.Name.Contains(only, StringComparison.Ordinal)))
        {
            var cell = LagCell.Of(of, trials, seed);
            good &= Keeps(cell);
            Line($"| {of.Name} | {cell.Fits} | {cell.Refused} | {cell.WithinAllowed * 100:0.0} % | {cell.MedianS * 1e3:0.000} ms | {cell.P95S * 1e3:0.000} ms | {cell.Coverage * 100:0.0} % | {cell.Ratio95:0.00} |");
        }

        Line("");
        Line("| a trace without the pattern | meter | traces | taken for the pattern |");
        Line("|---|---|---|---|");
        foreach (var cell in FalseAlarms.All(trials, seed))
        {
            good &= cell.Share <= 0.01;
            Line($"| {cell.What} | {cell.Meter} | {cell.Traces} | {cell.Share * 100:0.00} % |");
        }

        return good ? 0 : 1;
    }

    /// <summary>Whether a cell's intervals are honest and no wider than needed.</summary>
    public static bool Keeps(LagCell cell) => cell.Coverage >= 0.93 && cell.Ratio95 is >= 0.67 and <= 1.05;

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private static void Line(string text) => Console.WriteLine(text);
}
