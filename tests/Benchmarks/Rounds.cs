using System.Globalization;

namespace MeterLab.Benchmarks;

/// <summary>Competitors measured in turns, so that what else the computer does hits all of them alike; each is judged by its median.</summary>
internal static class Rounds
{
    /// <summary>The median of each competitor's figures; the first round, which warms up, does not count.</summary>
    public static double[] Medians(int rounds, params ReadOnlySpan<Func<double>> competitors)
    {
        var figures = new double[competitors.Length][];
        for (var i = 0; i < figures.Length; i++)
            figures[i] = new double[rounds];
        for (var round = -1; round < rounds; round++)
        {
            for (var i = 0; i < competitors.Length; i++)
            {
                // Nobody is always the first.
                var who = (i + round + 1) % competitors.Length;
                var figure = competitors[who]();
                if (round >= 0)
                    figures[who][round] = figure;
            }
        }

        return [.. figures.Select(Median)];
    }

    /// <summary>Prints a line, numbers with a point.</summary>
    public static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    /// <summary>Prints whether the bounds were kept; the exit code.</summary>
    public static int Judge(bool kept)
    {
        Console.WriteLine(kept ? "kept" : "NOT KEPT");
        return kept ? 0 : 1;
    }

    private static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
