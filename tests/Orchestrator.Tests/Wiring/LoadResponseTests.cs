using MeterLab.Measurement.Lag;
using MeterLab.Measurement.Meters;
using MeterLab.Orchestrator.Wiring;

namespace MeterLab.Orchestrator.Tests.Wiring;

/// <summary>A step of power is found with its sign and size under lag, averaging, noise and drift, and none is found where there is none.</summary>
public sealed class LoadResponseTests
{
    private static readonly MeterResponse Response = new(1, 1, 0);

    [Theory]
    [InlineData(45, 0)]
    [InlineData(45, 0.7)]
    [InlineData(-45, 0.7)]
    [InlineData(3, 1.5)]
    public void A_step_is_within_its_uncertainty(double step, double lag)
    {
        var within = 0;
        for (var seed = 1; seed <= 20; seed++)
        {
            var (found, u) = LoadResponse.Of(Edges(), Samples(step, lag, noise: 1, seed), Response)!.Value;
            Assert.InRange(found, step - 0.15 * Math.Abs(step) - 1, step + 0.15 * Math.Abs(step) + 1);
            within += Math.Abs(found - step) < 3 * u + 0.05 * Math.Abs(step) ? 1 : 0;
        }

        Assert.InRange(within, 17, 20);
    }

    [Fact]
    public void Where_nothing_moves_nothing_is_seen()
    {
        var seen = Enumerable.Range(1, 40).Count(seed =>
        {
            var (found, u) = LoadResponse.Of(Edges(), Samples(0, 0, noise: 1, seed), Response)!.Value;
            return Math.Abs(found / u) >= 5;
        });

        Assert.InRange(seen, 0, 2);
    }

    [Fact]
    public void Too_few_samples_say_nothing() => Assert.Null(LoadResponse.Of(Edges(), Samples(45, 0, 1, 1)[..10], Response));

    private static List<(double AtNs, bool Busy)> Edges()
    {
        var pattern = SyncPattern.Create(5, 1, 2.37);
        var edges = new List<(double AtNs, bool Busy)>();
        for (var i = 1; i < pattern.Bits.Count; i++)
        {
            if (pattern.Bits[i] != pattern.Bits[i - 1])
                edges.Add((i * pattern.ChipSeconds * 1e9, pattern.Bits[i]));
        }

        return edges;
    }

    // A meter that averages over 1 s, updates each second and is so late; polled each 200 ms; on a machine that warms up by 5 W.
    private static List<(double AtNs, double Watts)> Samples(double step, double lag, double noise, int seed)
    {
        var random = new Random(seed);
        var edges = Edges();
        var samples = new List<(double AtNs, double Watts)>();
        var value = 0.0;
        for (var i = 5; i < 400; i++)
        {
            if (i % 5 == 0)
                value = 60 + step * Share(i * 0.2 - lag) + 5 * i / 400.0 + noise * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            samples.Add((i * 0.2e9, value));
        }

        return samples;

        double Share(double end) => Enumerable.Range(0, 100).Count(k => edges.LastOrDefault(edge => edge.AtNs <= (end - (k + 0.5) / 100) * 1e9).Busy) / 100.0;
    }
}
