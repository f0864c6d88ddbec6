using System.Globalization;
using System.Text.RegularExpressions;

namespace MeterLab.Kernel.Tests;

/// <summary>What a recording's file holds, and what the program noted of the wire.</summary>
internal sealed partial class Recording
{
    private Recording(IReadOnlyList<(double Seconds, double Watts)> rows, string notes)
    {
        Rows = rows;
        var numbers = Wire().Match(notes);
        (Retries, Lost, Reconnections) = numbers.Success ? (Number(1), Number(2), Number(3)) : (0, 0, 0);
        for (var i = 1; i < rows.Count; i++)
        {
            if (rows[i].Seconds - rows[i - 1].Seconds > Gap)
                (Gap, Before, After) = (rows[i].Seconds - rows[i - 1].Seconds, i, rows.Count - i);
        }

        int Number(int group) => int.Parse(numbers.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
    }

    public IReadOnlyList<(double Seconds, double Watts)> Rows { get; }

    public int Retries { get; }

    public int Lost { get; }

    public int Reconnections { get; }

    /// <summary>The longest spacing, s.</summary>
    public double Gap { get; }

    /// <summary>Values before and after it.</summary>
    public int Before { get; }

    public int After { get; }

    public static Recording Of(Scene scene)
    {
        Assert.True(scene.ExitCode == 0, scene.Errors);
        var rows = new List<(double, double)>();
        foreach (var row in scene.Rows.Skip(1))
        {
            var cells = row.Split(',');
            var time = DateTimeOffset.Parse(cells[0], CultureInfo.InvariantCulture);
            rows.Add(((time - DateTimeOffset.UnixEpoch).TotalSeconds, double.Parse(cells[1], CultureInfo.InvariantCulture)));
        }

        return new Recording(rows, scene.Errors + scene.Output);
    }

    [GeneratedRegex(@"on the wire: (\d+) retries, (\d+) samples lost, (\d+) reconnections")]
    private static partial Regex Wire();
}
