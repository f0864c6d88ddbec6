using System.Globalization;

namespace MeterLab.Coverage.Baseline;

/// <summary>How honest the intervals of idle powers are: the table of docs/baselines.md.</summary>
internal static class BaselineTable
{
    private const int DefaultPairs = 400;

    /// <summary>Kinds of rest that a machine shows by itself.</summary>
    public static IReadOnlyList<RestNoise> Kinds(double stretchS) =>
    [
        RestNoise.White,
        RestNoise.Memory(0.5), RestNoise.Memory(1), RestNoise.Memory(2), RestNoise.Memory(5), RestNoise.Memory(10),
        RestNoise.Flicker(stretchS / 2, "1/f down to the stretch"),
        RestNoise.Memory(2) with { Name = "memory of 2 s, under white noise", WhiteW = 2 },
        RestNoise.Memory(10) with { Name = "memory of 10 s, under white noise", WhiteW = 2 },
        RestNoise.Flicker(100, "1/f down to 100 s"),
        RestNoise.Flicker(100, "1/f down to 100 s, under white noise") with { WhiteW = 1 },
    ];

    /// <summary>Cell after cell.</summary>
    public static IEnumerable<BaselineCell> Cells()
    {
        foreach (var stretch in new[] { 20.0, 60, 120 })
        {
            foreach (var meter in new[] { RestMeter.Quick, RestMeter.Slow })
            {
                foreach (var kind in Kinds(stretch))
                    yield return new BaselineCell(kind, meter, stretch);
            }
        }

        foreach (var meter in new[] { new RestMeter("0.5 % of the reading", 1, 0.5, 0.01), new RestMeter("steps of 1 W", 1, 0, 1), new RestMeter("steps of 0.1 W", 0.2, 0, 0.1) })
        {
            foreach (var white in new[] { 0.02, 0.3, 1 })
                yield return new BaselineCell(RestNoise.White with { Name = FormattableString.Invariant($"white, {white} W"), WhiteW = white }, meter, 60);
            yield return new BaselineCell(RestNoise.Memory(2), meter, 60);
        }

        foreach (var kind in new[] { RestNoise.White, RestNoise.Memory(1), RestNoise.Memory(2), RestNoise.Flicker(30, "1/f down to 30 s") })
            yield return new BaselineCell(kind, RestMeter.Quick, 120, kind == RestNoise.White ? 0.2 : 0.6);
    }

    /// <summary>Prints it. Argument: pairs of baselines a cell. Returns 1 where a cell does not hold that should.</summary>
    public static int Print(IReadOnlyList<string> arguments)
    {
        var pairs = arguments.Count > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : DefaultPairs;
        Console.WriteLine("| rest | meter | seconds | coverage | p95 of error / U | median U, W | pairs that differ | holds |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        var all = true;
        foreach (var (cell, i) in Cells().Select((cell, i) => (cell, i)))
        {
            var found = cell.Simulate(pairs, seed: i + 1);
            var holds = cell.Holds(found);
            all &= holds || cell.IsHidden;
            var until = cell.WantedW is { } wanted ? FormattableString.Invariant($"until {wanted} W, at most ") : "";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {cell.Noise.Name} | {cell.Meter.Name} | {until}{cell.StretchS:0} | {found.Coverage:0.0 %} | {found.Ratio95:0.00} | {found.StatedW:0.00} | {found.Differ:0.0 %} | {(holds ? "yes" : cell.IsHidden ? "hidden" : "NO")} |"));
        }

        return all ? 0 : 1;
    }
}
