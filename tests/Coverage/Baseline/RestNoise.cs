using MeterLab.Coverage.Simulation;

namespace MeterLab.Coverage.Baseline;

/// <summary>How the power of a resting machine, as a meter sees it, moves about its level.</summary>
/// <param name="Name">As the table shows it.</param>
/// <param name="WhiteW">Standard deviation of what is new in every reading, W.</param>
/// <param name="WanderW">Standard deviation of each wandering, W.</param>
/// <param name="MemoriesS">Memory (time constant) of each wandering, s.</param>
internal sealed record RestNoise(string Name, double WhiteW, double WanderW, IReadOnlyList<double> MemoriesS)
{
    // A wandering is drawn in steps of this part of its memory, and averaged over a reading.
    private const double Step = 0.2;

    public static RestNoise White { get; } = new("white", 1, 0, []);

    public double LongestMemoryS => MemoriesS.DefaultIfEmpty(0).Max();

    public static RestNoise Memory(double seconds) => new(FormattableString.Invariant($"memory of {seconds} s"), 0, 1, [seconds]);

    /// <summary>Equal power in every octave of memories from 0.1 s up to a longest one: 1/f down to there.</summary>
    public static RestNoise Flicker(double longestS, string name) =>
        new(name, 0, 0.4, [.. Enumerable.Range(0, (int)Math.Round(Math.Log2(longestS / 0.1)) + 1).Select(octave => longestS / Math.Pow(2, octave))]);

    /// <summary>The same under white noise of a reading.</summary>
    public RestNoise Under(double whiteW) => this with { Name = FormattableString.Invariant($"{Name}, under white noise"), WhiteW = whiteW };

    /// <summary>Means of the deviation over readings, W.</summary>
    public double[] Readings(int count, double intervalS, Draw draw)
    {
        var readings = new double[count];
        foreach (var memory in MemoriesS)
        {
            var steps = Math.Max(1, (int)Math.Ceiling(intervalS / (Step * memory)));
            var kept = Math.Exp(-intervalS / steps / memory);
            var state = draw.Normal(WanderW);
            for (var i = 0; i < count; i++)
            {
                for (var step = 0; step < steps; step++)
                {
                    state = kept * state + draw.Normal(WanderW * Math.Sqrt(1 - kept * kept));
                    readings[i] += state / steps;
                }
            }
        }

        for (var i = 0; i < count && WhiteW > 0; i++)
            readings[i] += draw.Normal(WhiteW);
        return readings;
    }
}
