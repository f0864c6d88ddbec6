using MeterLab.Estimators.ExperimentImpactTracker;
using MeterLab.Measurement;

namespace MeterLab.Estimators.Tests.ExperimentImpactTracker;

public sealed class ExperimentImpactTrackerTests
{
    private static readonly ExperimentImpactTrackerEstimator Estimator = new();

    [Fact]
    public void Attributed_powers_hold_until_the_next_sample_and_the_last_as_long_as_the_one_before()
    {
        var row = Assert.Single(Estimator.Read(Handmade.Files("experiment-impact-tracker")).Rows);

        Assert.Equal((15.0, 190 * 15.0), (row.DurationS, row.EnergyJ));
        Assert.Equal((40 * 15.0, 150 * 15.0), (row.ComponentsJ["cpu"], row.ComponentsJ["gpu"]));
        Handmade.IsUnverified(row.Findings);
    }

    [Fact]
    public void The_series_is_cut_to_the_run() =>
        Assert.Equal(190 * 10.0, Handmade.Estimate(Estimator, 2, 12, Handmade.Files("experiment-impact-tracker")).EnergyJ!.Value, 6);

    [Fact]
    public void A_line_that_was_cut_off_is_left_out_and_told()
    {
        var text = Fixture.Text("handmade/experiment-impact-tracker/impacttracker/data.json");

        var row = Assert.Single(Estimator.Read([Fixture.Csv(text[..^40], "data.json")]).Rows);

        Assert.Equal(12, row.DurationS);
        Assert.Contains(row.Findings, finding => finding.Rule == "damaged-row");
    }

    [Fact]
    public void A_pickle_is_never_read() => Assert.Throws<ConfigurationException>(() => Estimator.Read([Fixture.Csv("x", "info.pkl")]));
}
