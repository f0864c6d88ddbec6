using System.Globalization;

using MeterLab.Estimators;
using MeterLab.Estimators.Custom;
using MeterLab.Orchestrator.Rigs;
using MeterLab.VirtualRig.World;

namespace MeterLab.VirtualRig.Tests.Baselines;

/// <summary>What of baselines needs the processors for itself: load steps, and what programs beside a resting machine cost.</summary>
[Collection(RealTime.Name)]
public sealed class BaselineLoadTests
{
    [Fact]
    public async Task Load_steps_give_a_second_idle_power()
    {
        await using var bench = new BaselineBench();
        var run = await bench.MeasureAsync(BaselineBench.Quick with
        {
            AtLeast = TimeSpan.FromSeconds(3), AtMost = TimeSpan.FromSeconds(3), LoadSteps = true, LoadStep = TimeSpan.FromSeconds(6),
        });

        var words = Assert.Single(run.Findings, finding => finding.Rule == "load-steps");
        TestContext.Current.TestOutputHelper?.WriteLine(words.Detail);
        // One processor gives one step, and two that others have taken give the same one twice: then it is said that this is too few.
        if (run.PowerCurve is not { } curve)
        {
            Assert.EndsWith("load steps could be measured; two different ones are needed to extrapolate.", words.Detail, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(curve.Steps.Select(step => step.Workers).Distinct().Count(), curve.Steps.Count);
        Assert.Contains(curve.ExtrapolatedW.ToString("0.0", CultureInfo.InvariantCulture), words.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Estimators_run_one_after_another_at_rest_and_the_meter_tells_what_each_costs()
    {
        await using var bench = new BaselineBench(estimators:
        [
            new TargetEstimator("ml-co2-impact", new EstimatorSettings()), Program("burner", "while :; do :; done"), Program("sleeper", "sleep 1000"),
        ]);
        var run = await bench.MeasureAsync(BaselineBench.Quick with { AtLeast = TimeSpan.FromSeconds(4), AtMost = TimeSpan.FromSeconds(4), EstimatorsAtMost = TimeSpan.FromSeconds(4) });

        var claims = run.EstimatorsAtIdle.ToDictionary(claim => claim.Estimator);
        Assert.Equal(["burner", "ml-co2-impact", "sleeper"], claims.Keys.Order());
        Assert.All(claims.Values, claim => Assert.True(claim.Beside.Count == 0 || claim.Estimator == "ml-co2-impact", $"{claim.Estimator} beside {string.Join(", ", claim.Beside)}"));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', run.EstimatorsAtIdle));
        // A processor's watts where it got one for itself; on a machine that others keep busy, less. The sleeper costs nothing either way.
        var world = new WorldParameters();
        var most = BaselineBench.Wall(21 + world.CpuWattsPerBusyCore + world.GpuWattsPerBusyCore) - BaselineBench.Wall(21);
        Assert.InRange(claims["burner"].CostW!.Value, 2, 1.05 * most);
        Assert.InRange(Math.Abs(claims["sleeper"].CostW!.Value), 0, Math.Max(1, 2 * claims["sleeper"].CostUncertaintyW!.Value));
        Assert.True(claims["burner"].CostW > claims["sleeper"].CostW + 2);
        Assert.Null(claims["ml-co2-impact"].CostW);
    }

    private static TargetEstimator Program(string name, string script) => new(name, new EstimatorSettings(), CustomEstimator.Parse($$"""
        estimator: {{name}}
        scope: [cpu-package]
        command: [sh, -c, "{{script}}"]
        start-time: 0s
        file: none.csv
        format: csv
        energy: { column: joules, unit: J }
        """, name + ".yaml"));
}
