using MeterLab.Measurement.Lag;
using MeterLab.Measurement.Meters;

namespace MeterLab.Orchestrator.Campaigns;

/// <summary>Which pattern a campaign plays, and whether at both ends.</summary>
/// <param name="Pattern">The pattern.</param>
/// <param name="AtEnd">Again after the runs: checks the rate by independent means.</param>
public sealed record SyncPlan(SyncPattern Pattern, bool AtEnd = true)
{
    /// <summary>No pattern lasts longer, s: a target is not kept from its work for more.</summary>
    public const double LongestSeconds = 420;

    /// <summary>The noise of a value as a share of the load's step, where nobody measured it.</summary>
    public const double UsualNoise = 0.05;

    // Two standard deviations of the planned delay, with room for a step that is smaller than thought.
    private const double Room = 2.5;
    private const double WantedPeriods = 0.05;
    private const double WantedFloorSeconds = 0.002;
    private const int Shortest = 3;
    private const int Usual = 5;
    private const int Longest = 7;

    // Away from simple fractions, the longest first: longer levels are seen through slower filters.
    private static readonly double[] PeriodsPerChip = [4.37, 2.37];

    /// <summary>The usual plan for a meter of this update period; null where <see cref="For(MeterResponse, double)"/> refuses.</summary>
    public static SyncPlan? For(double slowestUpdatePeriodSeconds) =>
        For(new MeterResponse(slowestUpdatePeriodSeconds, slowestUpdatePeriodSeconds, 0) { AveragingKnown = true }, UsualNoise).Plan;

    /// <summary>
    /// The shortest pattern from which the delay will be known to 5 % of the update period or 2 ms, whichever is larger; of 31 chips at
    /// least where that fits into <see cref="LongestSeconds"/>, since a longer sequence tells a lag from more of what else a machine
    /// does. No plan, and the reason in words, where no pattern can do it.
    /// </summary>
    /// <param name="slowest">The slowest meter that must see it.</param>
    /// <param name="noiseShare">Noise of one value, standard, over the load's step; above 0.</param>
    public static (SyncPlan? Plan, string Reason) For(MeterResponse slowest, double noiseShare)
    {
        ArgumentNullException.ThrowIfNull(slowest);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(noiseShare);
        var needed = EdgesNeeded(slowest, noiseShare);
        if (Edges(Longest) < needed)
        {
            return (null, FormattableString.Invariant(
                $"the meter's noise is {noiseShare * 100:0} % of the load's step: a pattern of {needed:0} edges would be needed to tell its lag, and the longest known has {Edges(Longest):0}"));
        }

        SyncPattern? longest = null;
        foreach (var periods in PeriodsPerChip)
        {
            for (var order = Usual; order <= Longest; order++)
            {
                if (Edges(order) >= needed && Fits(SyncPattern.Create(order, slowest.UpdatePeriodSeconds, periods), ref longest))
                    return (new SyncPlan(longest!), "");
            }
        }

        // A slow meter: fewer chips, as long as they are enough.
        for (var order = Usual - 1; order >= Shortest; order--)
        {
            if (Edges(order) >= needed && Fits(SyncPattern.Create(order, slowest.UpdatePeriodSeconds, PeriodsPerChip[^1]), ref longest))
                return (new SyncPlan(longest!), "");
        }

        return (null, FormattableString.Invariant(
            $"the meter updates every {slowest.UpdatePeriodSeconds:0.###} s: a pattern of the {needed:0} edges that tell its lag would last more than {LongestSeconds:0} s"));
    }

    private static bool Fits(SyncPattern pattern, ref SyncPattern? kept)
    {
        kept = pattern;
        return pattern.Seconds <= LongestSeconds;
    }

    // A maximum-length sequence changes level 2^(order - 1) times.
    private static double Edges(int order) => 1 << (order - 1);

    // An edge within a value's window places itself to window x noise; it lies in one with the probability window / period. A window that
    // is not known costs twice the delay's deviation.
    private static double EdgesNeeded(MeterResponse meter, double noiseShare)
    {
        var window = Math.Clamp(meter.AveragingSeconds, 0.05 * meter.UpdatePeriodSeconds, 4 * meter.UpdatePeriodSeconds);
        var wanted = Math.Max(WantedPeriods * meter.UpdatePeriodSeconds, WantedFloorSeconds);
        var oneEdge = noiseShare * window / Math.Sqrt(Math.Min(1, window / meter.UpdatePeriodSeconds)) * (meter.AveragingKnown ? 1 : 2);
        return Math.Max(2, Math.Pow(Room * oneEdge / wanted, 2));
    }
}
