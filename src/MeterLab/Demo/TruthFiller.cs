using MeterLab.Measurement.Quantities;
using MeterLab.Orchestrator.Reports;
using MeterLab.Storage;
using MeterLab.VirtualRig;

namespace MeterLab.Cli.Demo;

/// <summary>
/// Writes the virtual rig's true joules beside the results, after everything else was computed. Nothing reads them but the person
/// who judges MeterLab.
/// </summary>
internal static class TruthFiller
{
    /// <summary>The same results with <c>truth_j</c> of every meter.</summary>
    public static CampaignResults Fill(CampaignResults results, Store store, VirtualBench bench)
    {
        MeterResult Judge(MeterResult meter, long start, long end) => meter with
        {
            TruthJ = bench.TruthOf(Scopes.Find(meter.Scope)!.Value, start, end)?.Value,
        };

        RunResult Run(RunResult run)
        {
            if (store.Runs.Get(run.Run) is not { StartTargetNs: { } start, EndTargetNs: { } end })
                return run;
            return run with
            {
                Meter = run.Meter is null ? null : Judge(run.Meter, start, end),
                Meters = [.. run.Meters.Select(meter => Judge(meter, start, end))],
            };
        }

        return results with { Runs = [.. results.Runs.Select(Run)] };
    }

    /// <summary>How many true energies lie within the stated uncertainty, of how many that state one.</summary>
    public static (int Within, int Of) Score(CampaignResults results)
    {
        var judged = results.Runs.Select(run => run.Meter)
            .Where(meter => meter is { TruthJ: not null, EnergyJ: not null, UncertaintyJ: not null })
            .ToList();
        return (judged.Count(meter => Math.Abs(meter!.EnergyJ!.Value - meter.TruthJ!.Value) <= meter.UncertaintyJ!.Value), judged.Count);
    }
}
