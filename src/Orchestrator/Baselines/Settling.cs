using MeterLab.Measurement.Statistics;

namespace MeterLab.Orchestrator.Baselines;

/// <summary>
/// Whether a machine at rest has settled. Two kinds of steady pass: a series that <see cref="SteadyState"/> calls so, and one that wanders
/// within bounds that do not matter (a supply's regulation, a background task every few seconds), as long as nothing leads away: no slope
/// beyond what its own memory explains, and no part that lies apart from the rest.
/// </summary>
/// <param name="Steady">Whether it has settled.</param>
/// <param name="From">Index of the first value that counts.</param>
/// <param name="Reason">Why not, in words; null where it has.</param>
internal sealed record Settling(bool Steady, int From, string? Reason)
{
    /// <summary>Values that a judgement needs.</summary>
    public const int Fewest = 60;

    private const double MostSlope = 2.5;

    /// <summary>Judges evenly spaced powers.</summary>
    /// <param name="watts">W, in order.</param>
    /// <param name="negligibleW">Differences between parts of the stretch that are of no consequence, W.</param>
    public static Settling Judge(ReadOnlySpan<double> watts, double negligibleW)
    {
        if (watts.Length < Fewest)
            return new Settling(false, 0, $"{watts.Length} values are too few to tell; {Fewest} are wanted");
        var state = SteadyState.Of(watts, negligibleW / 4);
        var rest = watts[state.From..];
        if (rest.Length < Fewest / 2)
            return new Settling(false, state.From, state.Reason ?? "it has settled too late to tell");
        // A step at the very end moves neither mean nor slope of a long stretch, and is what matters most.
        if (Apart(rest, negligibleW) is { } apart)
            return new Settling(false, state.From, apart);
        if (state.Steady)
            return new Settling(true, state.From, null);
        return Leads(rest) ? new Settling(false, state.From, state.Reason) : new Settling(true, state.From, null);
    }

    private static string? Apart(ReadOnlySpan<double> watts, double negligibleW)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var part = 0; part < 4; part++)
        {
            var mean = Mean(watts[(watts.Length * part / 4)..(watts.Length * (part + 1) / 4)]);
            (low, high) = (Math.Min(low, mean), Math.Max(high, mean));
        }

        if (high - low > negligibleW)
            return FormattableString.Invariant($"its quarters lie {high - low:0.##} W apart, {negligibleW:0.##} W at most were right");
        var tail = watts[^Math.Max(3, watts.Length / 20)..];
        var step = Mean(tail) - Mean(watts[..^tail.Length]);
        return Math.Abs(step) > 1.5 * negligibleW
            ? FormattableString.Invariant($"its end lies {step:+0.##;-0.##} W from the rest, {1.5 * negligibleW:0.##} W at most were right")
            : null;
    }

    // A straight line whose slope is more than the residuals' own memory makes by chance.
    private static bool Leads(ReadOnlySpan<double> watts)
    {
        var n = watts.Length;
        var (middle, mean) = ((n - 1) / 2.0, Mean(watts));
        var (products, squares) = (0.0, 0.0);
        for (var i = 0; i < n; i++)
            (products, squares) = (products + (i - middle) * (watts[i] - mean), squares + (i - middle) * (i - middle));
        var slope = products / squares;
        var residuals = new double[n];
        for (var i = 0; i < n; i++)
            residuals[i] = watts[i] - mean - slope * (i - middle);
        var memory = AutocorrelatedMean.Of(residuals);
        var scatter = residuals.Sum(r => r * r) / (n - 2);
        var standard = Math.Sqrt(scatter / squares * n / memory.EffectiveCount);
        return Math.Abs(slope) > MostSlope * standard;
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        return sum / values.Length;
    }
}
