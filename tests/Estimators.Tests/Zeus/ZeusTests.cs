using MeterLab.Estimators.Zeus;
using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.Tests.Zeus;

public sealed class ZeusTests
{
    private static readonly ZeusEstimator Estimator = new();

    [Fact]
    public void A_window_is_the_sum_of_its_cards_and_one_of_0_J_is_none()
    {
        var rows = Estimator.Read([Handmade.File("zeus/zeus.csv")]).Rows;

        Assert.Equal((1500.0, 100.0), (rows[0].EnergyJ, rows[0].DurationS));
        Assert.Null(rows[1].EnergyJ);
        Assert.Contains(rows[1].Findings, finding => finding is { Rule: "zero-window", Severity: Severity.Invalid });
        Handmade.IsUnverified(rows[0].Findings);
    }

    [Fact]
    public void The_console_has_processor_and_memory_too()
    {
        var estimate = Handmade.Estimate(Estimator, 1, 99, [Handmade.File("zeus/console.log")]);

        Assert.Equal(6000, estimate.EnergyJ);
        Assert.Equal((1500.0, 4000.0, 500.0), (estimate.ComponentsJ["gpu"], estimate.ComponentsJ["cpu"], estimate.ComponentsJ["ram"]));
        Assert.Equal([Scope.Gpu, Scope.CpuPackage, Scope.Dram], estimate.Scopes);
    }

    [Fact]
    public void A_window_is_attributed_by_its_name() => Assert.Equal(1500, Handmade.Estimate(Estimator, 0, 99, [Handmade.File("zeus/zeus.csv")]).EnergyJ);

    [Fact]
    public void A_last_figure_that_may_be_cut_short_is_not_used()
    {
        var text = Fixture.Text("handmade/zeus/zeus.csv").Split('\n');

        Assert.Null(Assert.Single(Estimator.Read([Fixture.Csv($"{text[0]}\n{text[1][..^2]}", "zeus.csv")]).Rows).EnergyJ);
    }
}
