using MeterLab.Estimators.EnergiBridge;
using MeterLab.Measurement;

namespace MeterLab.Estimators.Tests.EnergiBridge;

public sealed class EnergiBridgeTests
{
    private static readonly EnergiBridgeEstimator Estimator = new();
    private static readonly string Text = Fixture.Text("handmade/energibridge/energibridge.csv");

    [Fact]
    public void Counters_are_subtracted_and_powers_integrated()
    {
        var row = Assert.Single(Estimator.Read(Handmade.Files("energibridge")).Rows);

        Assert.Equal(2.0, row.DurationS!.Value, 6);
        Assert.Equal((100.0, 10.0, 40.0), (Math.Round(row.ComponentsJ["cpu"], 6), Math.Round(row.ComponentsJ["ram"], 6), Math.Round(row.ComponentsJ["gpu"], 6)));
        Assert.Equal(150, row.EnergyJ!.Value, 6);
        Assert.Contains(row.Findings, finding => finding.Rule == "dram-unit");
        Handmade.IsUnverified(row.Findings);
    }

    [Fact]
    public void A_wrap_is_told_and_nothing_made_of_it()
    {
        var row = Assert.Single(Estimator.Read([Fixture.Csv(Text.Replace(",5100,", ",12,", StringComparison.Ordinal))]).Rows);

        Assert.Null(row.EnergyJ);
        Assert.Contains(row.Findings, finding => finding is { Rule: "counter-wrap", Severity: Severity.Invalid });
    }

    [Fact]
    public void A_file_without_registers_is_no_energy()
    {
        var row = Assert.Single(Estimator.Read([Fixture.Csv("Delta,Time,TOTAL_MEMORY\n0,1,5\n200,201,5\n")]).Rows);

        Assert.Null(row.EnergyJ);
        Assert.Contains(row.Findings, finding => finding.Rule == "no-power");
    }

    [Fact]
    public void A_last_row_that_was_cut_off_is_left_out()
    {
        var row = Assert.Single(Estimator.Read([Fixture.Csv(Text[..^25])]).Rows);

        Assert.Equal(1.8, row.DurationS!.Value, 6);
        Assert.Contains(row.Findings, finding => finding.Rule == "damaged-row");
    }

    [Fact]
    public void The_interval_is_in_milliseconds() =>
        Assert.Equal("energibridge -o energibridge.csv -g -i 500 sh ../../../runner.sh hold", string.Join(' ', Estimator.Launch(new EstimatorSettings(IntervalS: 0.5), "r")!.Command));
}
