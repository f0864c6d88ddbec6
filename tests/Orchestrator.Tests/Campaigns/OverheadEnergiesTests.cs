using MeterLab.Orchestrator.Reconciliation;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Orchestrator.Tests.Campaigns;

/// <summary>Joules that estimators cost, from runs with and without.</summary>
public sealed class OverheadEnergiesTests
{
    [Fact]
    public void An_estimators_joules_are_the_difference_within_each_kind_of_work()
    {
        // 100 J and 1000 J of work; the estimator adds 5 J to either, and the runs scatter by 1 J.
        RunResult[] runs =
        [
            Run("a", 99, null), Run("a", 101, null), Run("b", 999, null), Run("b", 1001, null),
            Run("a", 104, "codecarbon"), Run("a", 106, "codecarbon"), Run("b", 1004, "codecarbon"), Run("b", 1006, "codecarbon"),
        ];

        var row = Assert.Single(OverheadEnergies.Of(runs));

        Assert.Equal(("node1", "work", "codecarbon", 4, 4), (row.Target, row.Workload, row.Estimator, row.RunsWith, row.RunsWithout));
        Assert.Equal(5, row.EnergyJ, 9);
        // Four pairs, each a variance of 2 J² with one degree of freedom: s = sqrt 2, over the mean of two differences of means of two.
        Assert.Equal(2.776, row.K!.Value, 0.001);
        Assert.Equal(2.776 * 1.0, row.UncertaintyJ!.Value, 0.001);
        var told = OverheadEnergies.Tell(runs, [row]);
        Assert.Equal(5, told[4].Estimators[0].OverheadJ!.Value, 9);
    }

    [Fact]
    public void Runs_of_one_kind_each_tell_a_difference_and_no_uncertainty() =>
        Assert.Null(Assert.Single(OverheadEnergies.Of([Run("a", 100, null), Run("a", 105, "codecarbon")])).UncertaintyJ);

    [Fact]
    public void Without_runs_that_have_none_nothing_is_said()
    {
        Assert.Empty(OverheadEnergies.Of([Run("a", 105, "codecarbon"), Run("b", 100, null)]));
        // What is computed costs the target nothing.
        Assert.Empty(OverheadEnergies.Of([Run("a", 100, null), Run("a", 105, "cpu-load", cpuSeconds: null)]));
    }

    private static RunResult Run(string model, double joules, string? estimator, double? cpuSeconds = 0.1) => new()
    {
        Run = "x",
        Target = "node1",
        Workload = "work",
        Parameters = new Dictionary<string, string> { ["model"] = model },
        Repetition = 1,
        Outcome = "passed",
        Valid = true,
        Meter = new MeterResult { Meter = "wall", Channel = "total", Scope = "wall-ac", EnergyJ = joules, UncertaintyJ = 0 },
        Overhead = new OverheadResult(0.05),
        Estimators = estimator is null ? [] : [new EstimatorResult { Estimator = estimator, Scope = ["cpu-package"], Verdict = "inconclusive", OverheadCpuS = cpuSeconds }],
    };
}
