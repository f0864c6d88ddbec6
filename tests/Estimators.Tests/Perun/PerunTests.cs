using MeterLab.Estimators.Perun;
using MeterLab.Measurement;

namespace MeterLab.Estimators.Tests.Perun;

public sealed class PerunTests
{
    private static readonly PerunEstimator Estimator = new();

    [Fact]
    public void The_runs_of_the_json_tree_are_rows()
    {
        var row = Assert.Single(Estimator.Read([Handmade.File("perun/perun_results/sh.json")]).Rows);

        Assert.Equal((15000.0, 100.0, "2026-01-01T10:01:40"), (row.EnergyJ, row.DurationS, row.EndedLocal));
        Assert.Equal((9000.0, 5000.0, 1000.0), (row.ComponentsJ["cpu"], row.ComponentsJ["gpu"], row.ComponentsJ["ram"]));
        Handmade.IsUnverified(row.Findings);
    }

    [Fact]
    public void Of_a_text_report_with_several_hosts_their_sum_is_taken_with_its_few_digits()
    {
        var estimate = Handmade.Estimate(Estimator, 1, 99, [Handmade.File("perun/report.txt")]);

        Assert.Equal((15000.0, 1.0), (estimate.EnergyJ, estimate.ResolutionJ));
    }

    [Fact]
    public void Binary_results_are_refused_with_a_way_out() =>
        Assert.Contains("JSON", Assert.Throws<ConfigurationException>(() => Estimator.Read([Fixture.Csv("\u0089HDF", "sh.hdf5")])).Message, StringComparison.Ordinal);

    [Fact]
    public void It_wraps_a_command_that_ends_with_the_run()
    {
        var launch = Estimator.Launch(new EstimatorSettings(IntervalS: 0.5), "r")!;

        Assert.Equal("perun monitor --binary sh ../../../runner.sh hold", string.Join(' ', launch.Command));
        Assert.Equal(("json", "0.5"), (launch.Environment["PERUN_FORMAT"], launch.Environment["PERUN_SAMPLING_PERIOD"]));
    }
}
