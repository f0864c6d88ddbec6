namespace MeterLab.Coverage.Lag;

/// <summary>Traces that do not show the pattern, and how often the fit believes that they do.</summary>
/// <param name="What">What the trace shows instead.</param>
/// <param name="Meter">The class of meter.</param>
/// <param name="Traces">How many.</param>
/// <param name="Share">Of them taken for the pattern.</param>
internal sealed record FalseAlarms(string What, string Meter, int Traces, double Share)
{
    /// <summary>Noise with drift, and another program's load, for a slow and a quick meter.</summary>
    public static IEnumerable<FalseAlarms> All(int trials, int seed)
    {
        LagClass[] classes = [new("1 s, mean of 0.5 s", 1, 0.5), new("10 ms", 0.01, 0.01), new("100 ms, window not known", 0.1, 0.1, ResponseKnown: false)];
        foreach (var of in classes)
        {
            yield return Of("noise and drift", of, trials, i => new LagTrial(of, unchecked(seed * 1_000_003 + i), stepOfItsOwn: 0));
            yield return Of("another load, 20 times the noise", of, trials, i => new LagTrial(of, unchecked(seed * 1_000_003 + i), stepOfItsOwn: 20, unrelated: true));
        }
    }

    private static FalseAlarms Of(string what, LagClass of, int trials, Func<int, LagTrial> draw)
    {
        var taken = ParallelEnumerable.Range(0, trials).Count(i => LagCell.Fit(of, draw(i)).Visible);
        return new FalseAlarms(what, of.Name, trials, taken / (double)trials);
    }
}
