using System.Globalization;

using MeterLab.Coverage.Simulation;

namespace MeterLab.Coverage.Ablation;

/// <summary>What each step of alignment buys: error of the energy of runs of 10 s, 60 s and 600 s, by class of meter.</summary>
internal static class AblationTable
{
    private const int DefaultRuns = 400;

    // So many standard errors are no chance.
    private const double Chance = 3;

    // An ideal instrument besides: gain and offset are the same with and without alignment, and would hide what it does.
    private static readonly string[] Names = ["1 s mean, class 1", "1 s, 0.5 s mean", "100 ms PDU, 1 W", "10 ms shunt", "1 ms stream"];

    /// <summary>Prints it. Arguments: runs a cell, a seed (default: random), a part of a class's name. Returns 1 where a step makes it worse, or all of them together no better, by more than chance.</summary>
    public static int Print(IReadOnlyList<string> arguments)
    {
        var runs = arguments.Count > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : DefaultRuns;
        var seed = arguments.Count > 1 && arguments[1] != "random" ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : Environment.TickCount & 0xFFFFFF;
        var only = arguments.Count > 2 ? arguments[2] : "";
        Console.WriteLine(FormattableString.Invariant($"{runs} runs a cell, seed {seed}; |error| of the energy, %: median (95th percentile)"));
        Console.WriteLine();
        Console.WriteLine("| meter | run | no alignment | clock offset | and rate | and lag |");
        Console.WriteLine("|---|---|---|---|---|---|");
        var good = true;
        foreach (var meter in MeterClass.All.Where(m => Names.Contains(m.Name) && m.Name.Contains(only, StringComparison.Ordinal)))
        {
            foreach (var seconds in (ReadOnlySpan<double>)[10, 60, 600])
                good &= Row(meter, seconds, meter.Response.UpdatePeriodSeconds < 0.005 && seconds > 100 ? Math.Min(runs, 40) : runs, seed);
        }

        return good ? 0 : 1;
    }

    private static bool Row(MeterClass meter, double seconds, int runs, int seed)
    {
        var ideal = meter with { Accuracy = new() };
        var steps = new AlignmentSteps[runs];
        Parallel.For(0, runs, i => steps[i] = AlignmentSteps.Of(ideal, seconds, new Draw(unchecked(seed * 1_000_003 + i))));
        var (none, offset, rate, lag) = (Of(steps, s => s.None), Of(steps, s => s.Offset), Of(steps, s => s.Rate), Of(steps, s => s.Lag));
        Console.WriteLine($"| {meter.Name} | {seconds.ToString(CultureInfo.InvariantCulture)} s | {Text(none)} | {Text(offset)} | {Text(rate)} | {Text(lag)} |");
        return Gain(steps, s => s.None, s => s.Offset) > -Chance && Gain(steps, s => s.Offset, s => s.Rate) > -Chance && Gain(steps, s => s.Rate, s => s.Lag) > -Chance
            && Gain(steps, s => s.None, s => s.Lag) > Chance;
    }

    // By how much |error| falls from one step to the next in the same runs, in standard errors of that mean.
    private static double Gain(AlignmentSteps[] steps, Func<AlignmentSteps, double> before, Func<AlignmentSteps, double> after)
    {
        var gains = steps.Select(step => Math.Abs(before(step)) - Math.Abs(after(step))).ToArray();
        var mean = gains.Average();
        var square = gains.Sum(gain => (gain - mean) * (gain - mean)) / (gains.Length - 1);
        return mean / Math.Sqrt(square / gains.Length);
    }

    private static (double Median, double P95) Of(AlignmentSteps[] steps, Func<AlignmentSteps, double> figure)
    {
        var sizes = steps.Select(step => Math.Abs(figure(step))).Order().ToArray();
        return (sizes[sizes.Length / 2], sizes[(int)(0.95 * (sizes.Length - 1))]);
    }

    private static string Text((double Median, double P95) cell) => string.Create(CultureInfo.InvariantCulture, $"{cell.Median:0.0000} ({cell.P95:0.000})");
}
