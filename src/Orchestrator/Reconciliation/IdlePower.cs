using MeterLab.Measurement.Energy;

namespace MeterLab.Orchestrator.Reconciliation;

/// <summary>A target's own idle power in the widest scope, from the stretches of this campaign in which it rested.</summary>
/// <param name="Watts">Mean over all stretches, W.</param>
/// <param name="StandardWatts">Standard uncertainty, W: the meter's, and the scatter between stretches.</param>
internal sealed record IdlePower(double Watts, double StandardWatts)
{
    /// <summary>Null where nothing was recorded while it rested.</summary>
    public static IdlePower? Of(TargetEvidence target, MeterReconciler meters, CampaignEvidence evidence)
    {
        if (meters.Primary is not { } primary)
            return null;
        var means = new List<(double Watts, double Standard)>();
        foreach (var (from, to) in target.Baselines)
        {
            if (meters.Energies(new RunWindow(from, to)).FirstOrDefault(e => e.Result.Role == "truth").Result is not { EnergyJ: { } joules } result)
                continue;
            var seconds = new RunWindow(from, to).Seconds;
            means.Add((joules / seconds, (result.UncertaintyJ ?? 0) / result.K / seconds));
        }

        if (means.Count == 0)
            return null;
        var mean = means.Average(m => m.Watts);
        var scatter = means.Count < 2 ? 0 : Math.Sqrt(means.Sum(m => (m.Watts - mean) * (m.Watts - mean)) / (means.Count - 1) / means.Count);
        var meter = means.Max(m => m.Standard);
        return new IdlePower(mean, Math.Sqrt(scatter * scatter + meter * meter));
    }
}
