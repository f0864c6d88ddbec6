namespace MeterLab.Coverage.Clocks;

/// <summary>How long one message took, s: a draw of the way there or back at a moment (s) of the probing.</summary>
internal delegate double Transit(Random random, double atS);

/// <summary>One drawn link: the ways there and back, and what the helper on the target does to a reading.</summary>
/// <param name="There">From the request's leaving to the reading of the clock.</param>
/// <param name="Back">From the reading to the answer's arrival.</param>
/// <param name="ResolutionNs">Readings are truncated to a multiple of this.</param>
internal sealed record Link(Transit There, Transit Back, long ResolutionNs = 1000);

/// <summary>A kind of link between lab and target; each case draws its own.</summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="Draw">Draws one.</param>
internal sealed record LinkScenario(string Name, Func<Random, Link> Draw)
{
    /// <summary>The kinds of link in the table.</summary>
    public static IReadOnlyList<LinkScenario> All { get; } =
    [
        new("quiet", r => Symmetric(r, Between(r, 3e-5, 3e-4), 0.15)),
        new("quiet, one way longer", r => new Link(Fixed(Between(r, 5e-5, 5e-4), 2e-5), Fixed(Between(r, 5e-4, 1e-2), 4e-5))),
        new("answers delayed 0-20 ms", r => new Link(Fixed(1e-4, 2e-5), Uniform(1e-4, 0.02))),
        new("requests delayed 0-20 ms", r => new Link(Uniform(1e-4, 0.02), Fixed(1e-4, 2e-5))),
        new("answers delayed 20 ms, half of them", r => new Link(Fixed(1e-4, 2e-5), (x, _) => 1e-4 + 2e-5 * x.NextDouble() + (x.NextDouble() < 0.5 ? 0.02 : 0))),
        new("answers delayed 20 ms +/- 2 ms", r => new Link(Fixed(1e-4, 2e-5), (x, _) => 0.018 + 0.004 * x.NextDouble())),
        new("congested both ways", r => new Link(Exponential(2e-4, Between(r, 2e-3, 2e-2)), Exponential(2e-4, Between(r, 2e-3, 2e-2)))),
        new("congested in spells, one way", Spells),
        new("busy target", r => new Link(Busy(r, 1e-4), Fixed(1e-4, 3e-5))),
        new("a process a reading", r => new Link(Exponential(Between(r, 1e-3, 2e-3), 4e-4), Exponential(5e-4, 2e-4), 1)),
        new("whole seconds", r => new Link(Exponential(1e-3, 4e-4), Exponential(5e-4, 2e-4), 1_000_000_000)),
    ];

    private static double Between(Random random, double low, double high) => low * Math.Pow(high / low, random.NextDouble());

    private static Link Symmetric(Random random, double base1, double asymmetry)
    {
        var tilt = 1 + asymmetry * (2 * random.NextDouble() - 1);
        return new Link(Exponential(base1 * tilt, base1 / 6), Exponential(base1 / tilt, base1 / 6));
    }

    private static Transit Fixed(double s, double jitterS) => (random, _) => s + jitterS * random.NextDouble();

    private static Transit Uniform(double leastS, double widthS) => (random, _) => leastS + widthS * random.NextDouble();

    private static Transit Exponential(double leastS, double meanS) => (random, _) => leastS - meanS * Math.Log(1 - random.NextDouble());

    private static Transit Busy(Random random, double leastS)
    {
        var share = 0.05 + 0.4 * random.NextDouble();
        return (x, _) => leastS - 3e-5 * Math.Log(1 - x.NextDouble()) + (x.NextDouble() < share ? 8e-3 * x.NextDouble() : 0);
    }

    // A neighbour's transfers: spells of a queue one way, as long as a few bursts.
    private static Link Spells(Random random)
    {
        var (period, phase, depth) = (Between(random, 2, 20), random.NextDouble(), Between(random, 1e-3, 1e-2));
        return new Link(
            Fixed(1e-4, 2e-5),
            (x, at) => 1e-4 + 2e-5 * x.NextDouble() + ((at / period + phase) % 1 < 0.5 ? depth * (0.5 + x.NextDouble()) : 0));
    }
}
