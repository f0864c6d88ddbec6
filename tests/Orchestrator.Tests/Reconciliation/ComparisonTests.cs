using MeterLab.Estimators;
using MeterLab.Measurement.Quantities;
using MeterLab.Orchestrator.Reconciliation;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Orchestrator.Tests.Reconciliation;

public sealed class ComparisonTests
{
    [Fact]
    public void An_errors_uncertainty_has_the_factor_of_the_meters()
    {
        // The meter's standard uncertainty is 1 %, of an estimate half as large: 0.5 points.
        foreach (var k in new[] { 2, 3.18 })
        {
            var found = Comparison.Of(Estimate(500), [Meter(1000, k * 10, k)], 5);
            Assert.Equal(-50, found.ErrorPct!.Value, 9);
            Assert.Equal(k, found.K);
            Assert.Equal(k * 0.5, found.ErrorUncertaintyPct!.Value, 9);
        }

        // 8.2 points off and 1.6 sure: beyond the tolerance of 6 with k = 2, not with few degrees of freedom.
        Assert.Equal("differ", Comparison.Of(Estimate(918), [Meter(1000, 2 * 9, 2)], 6).Verdict);
        Assert.Equal("inconclusive", Comparison.Of(Estimate(918), [Meter(1000, 3.18 * 9, 3.18)], 6).Verdict);
    }

    [Theory]
    [InlineData(null, 10.0)]
    [InlineData(0.0, 10.0)]
    [InlineData(-5.0, 10.0)]
    [InlineData(1000.0, null)]
    public void Without_an_energy_or_its_accuracy_nothing_is_decided(double? meterJ, double? uncertaintyJ)
    {
        var found = Comparison.Of(Estimate(1000), [Meter(meterJ, uncertaintyJ, 2)], 5);
        Assert.Equal("inconclusive", found.Verdict);
        Assert.Null(found.ErrorUncertaintyPct);
        Assert.Equal(meterJ > 0, found.ErrorPct is not null);
    }

    private static RunEstimate Estimate(double joules) => new() { Estimator = "codecarbon", EnergyJ = joules, Scopes = [Scope.CpuPackage] };

    private static MeterResult Meter(double? joules, double? uncertainty, double k) => new()
    {
        Meter = "wall", Channel = "total", Scope = "wall-ac", EnergyJ = joules, UncertaintyJ = uncertainty, K = k, Role = "truth",
    };
}
