using MeterLab.Orchestrator.Baselines;
using MeterLab.Orchestrator.Reconciliation;
using MeterLab.Orchestrator.Tests.Validity;

namespace MeterLab.Orchestrator.Tests.Campaigns;

/// <summary>Joules of what is too small to be measured, and watts of estimators at rest.</summary>
public sealed class OverheadEstimatesTests
{
    [Fact]
    public void A_busy_processors_watts_span_what_the_load_steps_show()
    {
        // 50 W at rest and 50 + 22 n - 1.5 n²: the first costs 20.5 W, four 16 W each, the fourth 11.5 W.
        var steps = Enumerable.Range(1, 4).Select(n => new PowerStep(n, n, 50 + 22 * n - 1.5 * n * n, 0.2)).ToArray();
        var core = CoreWatts.Of(Curve(steps), Rest(50, 0.1))!;

        Assert.Equal((20.5 + 11.5) / 2, core.Watts, 1e-9);
        Assert.Equal(Math.Sqrt(4.5 * 4.5 / 3 + 0.2 * 0.2 * 2), core.StandardWatts, 1e-9);
        Assert.Null(CoreWatts.Of(Curve([new PowerStep(1, 0.05, 51, 0.1)]), Rest(50, 0.1)));
    }

    [Fact]
    public void Cpu_seconds_become_an_estimate_that_is_called_one()
    {
        var lab = new KnownRun { OverheadCpuSeconds = 0.4, Core = new CoreEvidence(new CoreWatts(16, 2), 1_767_225_600_000_000_000) };
        var results = Reconciler.Reconcile(lab.Evidence(), "test");

        Assert.Equal((0.4 * 16, 2 * 0.4 * 2), (results.Runs[0].Overhead.EnergyEstimateJ!.Value, results.Runs[0].Overhead.EnergyEstimateUncertaintyJ!.Value));
        // What is computed costs the target nothing.
        Assert.Null(Assert.Single(results.Runs[0].Estimators).OverheadEstimateJ);
        var words = Assert.Single(results.Findings, finding => finding.Rule == "overhead-energy").Detail;
        Assert.Contains("estimated as CPU seconds x 16.0 W +/- 4.0 W", words, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_load_steps_there_are_no_joules_and_it_is_said_how_to_get_them()
    {
        var results = Reconciler.Reconcile(new KnownRun { OverheadCpuSeconds = 0.4 }.Evidence(), "test");

        Assert.Null(results.Runs[0].Overhead.EnergyEstimateJ);
        Assert.Contains("baseline measure node1 --load-steps", Assert.Single(results.Findings, finding => finding.Rule == "overhead-energy").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void What_an_estimator_costs_at_rest_is_what_the_meter_shows_more()
    {
        // The known machine draws 100 W more from here on; whoever ran then did that.
        var (from, to) = (KnownRun.StartNs + 10_000_000_000, KnownRun.StartNs + 40_000_000_000);
        var lab = new KnownRun
        {
            AtIdle =
            [
                new AtIdleEvidence([new EstimatorAtIdle("codecarbon", 12)], from, to),
                new AtIdleEvidence([Claim("rapl", "nvidia-smi"), Claim("nvidia-smi", "rapl")], from, to),
                new AtIdleEvidence([new EstimatorAtIdle("old", 3)], 0, 0),
            ],
        };

        var rows = Reconciler.Reconcile(lab.Evidence(), "test").EstimatorsAtIdle.ToDictionary(row => row.Estimator);

        Assert.Equal((12.0, 2.0), (rows["codecarbon"].PowerW!.Value, rows["codecarbon"].K!.Value));
        Assert.InRange(rows["codecarbon"].CostW!.Value, 99.5, 100.5);
        // Two tenths of a percent of the difference (a rectangle) and little else: what is alike in both cancels.
        Assert.InRange(rows["codecarbon"].CostUncertaintyW!.Value, 2 * 0.2 / Math.Sqrt(3), 1);
        Assert.Equal(["nvidia-smi"], rows["rapl"].Beside);
        Assert.All((string[])["rapl", "nvidia-smi", "old"], name => Assert.Null(rows[name].CostW));
    }

    private static EstimatorAtIdle Claim(string name, string beside) => new(name, 5) { Beside = [beside] };

    private static PowerCurve Curve(IReadOnlyList<PowerStep> steps) => new() { Steps = steps, ExtrapolatedW = 50, UncertaintyW = 1, WPerBusyCore = 20, Law = "linear", Agrees = true };

    private static BaselineResult Rest(double watts, double random) => new()
    {
        Target = "node1", Scope = "wall-ac", StaticW = watts, URandomW = random, DurationS = 60, Steady = true, Measured = "2026-01-01T00:00:00Z", Fingerprint = "x",
    };
}
