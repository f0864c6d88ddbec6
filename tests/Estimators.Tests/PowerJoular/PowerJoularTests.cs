using MeterLab.Estimators.PowerJoular;

namespace MeterLab.Estimators.Tests.PowerJoular;

public sealed class PowerJoularTests
{
    private static readonly PowerJoularEstimator Estimator = new();

    [Fact]
    public void Powers_a_second_are_added_up()
    {
        var row = Assert.Single(Estimator.Read(Handmade.Files("powerjoular")).Rows);

        Assert.Equal((10.0, 700.0), (row.DurationS, row.EnergyJ));
        Assert.Equal((500.0, 200.0), (row.ComponentsJ["cpu"], row.ComponentsJ["gpu"]));
        Handmade.IsUnverified(row.Findings);
    }

    [Fact]
    public void Dates_without_padding_and_a_single_process_are_read()
    {
        var row = Assert.Single(Estimator.Read([Fixture.Csv("Date,CPU Utilization,CPU Power\n2026-1-1 9:7:4.00,0.5,30\n2026-1-1 9:7:5.50,0.5,40\n")]).Rows);

        Assert.Equal((3.0, 105.0), (row.DurationS, row.EnergyJ));
        Assert.Contains(row.Findings, finding => finding.Rule == "process-share");
    }
}
