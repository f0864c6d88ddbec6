using MeterLab.Measurement.Lag;

namespace MeterLab.Orchestrator.Campaigns;

/// <summary>Which pattern a campaign plays, and whether at both ends.</summary>
/// <param name="Pattern">The pattern.</param>
/// <param name="AtEnd">Again after the runs: checks the rate by independent means.</param>
public sealed record SyncPlan(SyncPattern Pattern, bool AtEnd = true)
{
    private const double LongestSeconds = 120;

    /// <summary>
    /// As many chips as fit into two minutes for the slowest meter that is used as truth, 31 at most and 7 at least: a longer
    /// sequence tells a lag from more of what else a machine does.
    /// </summary>
    public static SyncPlan For(double slowestUpdatePeriodSeconds)
    {
        for (var order = 5; order > 3; order--)
        {
            var pattern = SyncPattern.Create(order, slowestUpdatePeriodSeconds);
            if (pattern.Seconds <= LongestSeconds)
                return new SyncPlan(pattern);
        }

        return new SyncPlan(SyncPattern.Create(3, slowestUpdatePeriodSeconds));
    }
}
