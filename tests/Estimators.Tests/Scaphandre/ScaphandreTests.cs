using MeterLab.Estimators.Scaphandre;
using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.Tests.Scaphandre;

public sealed class ScaphandreTests
{
    private static readonly ScaphandreEstimator Estimator = new();
    private static readonly string Text = Fixture.Text("handmade/scaphandre/scaphandre.json");

    [Fact]
    public void Microwatts_over_steps_are_joules_though_the_array_was_left_open()
    {
        var row = Assert.Single(Estimator.Read([Handmade.File("scaphandre/scaphandre.json")]).Rows);

        Assert.Equal((12.0, 30 * 12.0), (row.DurationS, Math.Round(row.EnergyJ!.Value, 6)));
        Assert.Equal((300.0, 60.0), (Math.Round(row.ComponentsJ["cpu"], 6), Math.Round(row.ComponentsJ["ram"], 6)));
        Assert.Contains(row.Findings, finding => finding.Rule == "open-array");
        Handmade.IsUnverified(row.Findings);
    }

    [Fact]
    public void The_series_is_cut_to_the_run()
    {
        var estimate = Handmade.Estimate(Estimator, 1, 9, [Handmade.File("scaphandre/scaphandre.json")]);

        Assert.Equal(30 * 8, estimate.EnergyJ!.Value, 6);
        Assert.Equal([Scope.CpuPackage, Scope.Dram], estimate.Scopes);
    }

    [Fact]
    public void A_platform_sensor_is_not_taken_for_the_sum_of_its_sockets()
    {
        var row = Assert.Single(Estimator.Read([Fixture.Csv(Text.Replace("\"host\": {\"consumption\": 30000000.0", "\"host\": {\"consumption\": 90000000.0", StringComparison.Ordinal), "s.json")]).Rows);

        Assert.Equal(90 * 12, row.EnergyJ!.Value, 6);
        Assert.Contains(row.Findings, finding => finding.Rule == "host-sensor");
    }

    [Fact]
    public void One_report_says_nothing_about_time()
    {
        var row = Assert.Single(Estimator.Read([Fixture.Csv(Text[..(Text.Length / 5)], "s.json")]).Rows);

        Assert.Null(row.EnergyJ);
        Assert.Contains(row.Findings, finding => finding is { Rule: "too-few-samples", Severity: Severity.Invalid });
    }

    [Fact]
    public void An_old_series_is_refused() =>
        Handmade.IsRefused(Handmade.Estimate(Estimator, 100, 110, [Handmade.File("scaphandre/scaphandre.json")]), "an old row");

    [Fact]
    public void Steps_are_whole_seconds() => Assert.Throws<ConfigurationException>(() => Estimator.Launch(new EstimatorSettings(IntervalS: 0.5), "r"));
}
