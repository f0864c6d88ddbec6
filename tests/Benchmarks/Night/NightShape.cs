using MeterLab.Measurement.Lag;

namespace MeterLab.Benchmarks.Night;

/// <summary>What a night is: 50 runs of ten minutes, watched at 1 kHz, with a rest and a sync pattern at both ends. Nanoseconds on the lab's line.</summary>
internal static class NightShape
{
    public const int Runs = 50;
    public const long RunNs = 600 * Second;
    public const long RestNs = 20 * Second;
    public const long StepNs = 1_000_000;
    public const long FirstNs = 1_000 * Second;
    public const double IdleWatts = 60;
    public const double BusyWatts = 240;
    public const double ScaleWatts = 0.01;
    public const double DelaySeconds = 0.0124;

    /// <summary>The target's clock ahead of the line: an offset and 12 ppm.</summary>
    public const long TargetOffsetNs = 1_700_000_123_456_789_000;

    public const double TargetRate = 12e-6;

    private const long Second = 1_000_000_000;

    public static SyncPattern Pattern { get; } = SyncPattern.Create(5, 0.001);

    public static long FirstPatternNs => FirstNs + 30 * Second;

    public static long PatternNs => (long)(Pattern.Seconds * 1e9);

    public static long BaselineNs => FirstPatternNs + PatternNs + RestNs;

    public static long BaselineEndNs => BaselineNs + 60 * Second;

    public static long LastPatternNs => RunStartNs(Runs) + RestNs;

    public static long LastNs => LastPatternNs + PatternNs + 30 * Second;

    public static long RunStartNs(int run) => BaselineEndNs + RestNs + run * (RunNs + RestNs);

    public static long OnTarget(long lineNs) => lineNs + TargetOffsetNs + (long)(TargetRate * (lineNs - FirstNs));

    /// <summary>Whether the target is busy: a run, or a chip of a pattern.</summary>
    public static bool BusyAt(long lineNs) => InRun(lineNs) || InPattern(lineNs - FirstPatternNs) || InPattern(lineNs - LastPatternNs);

    private static bool InRun(long lineNs)
    {
        var since = lineNs - RunStartNs(0);
        return since >= 0 && since / (RunNs + RestNs) < Runs && since % (RunNs + RestNs) < RunNs;
    }

    private static bool InPattern(long sinceNs) => sinceNs >= 0 && sinceNs < PatternNs && Pattern.Bits[(int)(sinceNs / (Pattern.ChipSeconds * 1e9))];
}
