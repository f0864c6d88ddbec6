namespace MeterLab.Orchestrator.Targets;

/// <summary>How a target's clock is probed.</summary>
/// <param name="Count">Probes in all.</param>
/// <param name="Burst">Probes without a pause.</param>
/// <param name="Pause">Mean pause between bursts; the pauses are uniform between half and one and a half of it.</param>
/// <param name="Seed">Of the pauses.</param>
public sealed record ProbeOptions(int Count, int Burst = 8, TimeSpan Pause = default, int Seed = 1)
{
    /// <summary>
    /// How a campaign probes all the time: four readings every three seconds cost a target about 0.01 % of a core. Where each reading starts a
    /// process there, two every eight seconds, for about a tenth of a percent at most.
    /// </summary>
    public static ProbeOptions During(ClockHelper helper)
    {
        ArgumentNullException.ThrowIfNull(helper);
        return helper.StartsProcess ? new ProbeOptions(2, 2, TimeSpan.FromSeconds(8)) : new ProbeOptions(4, 4, TimeSpan.FromSeconds(3));
    }

    /// <summary>How a clock is probed for this many seconds alone: the shorter, the denser, so that a rate comes out of one second too.</summary>
    public static ProbeOptions For(double seconds)
    {
        const int Burst = 8;
        var pause = Math.Clamp(seconds / 12, 0.08, 0.5);
        return new ProbeOptions(((int)Math.Ceiling(seconds / pause) + 1) * Burst, Burst, TimeSpan.FromSeconds(pause));
    }
}
