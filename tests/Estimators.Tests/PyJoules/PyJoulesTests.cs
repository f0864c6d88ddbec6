using MeterLab.Estimators.PyJoules;

namespace MeterLab.Estimators.Tests.PyJoules;

public sealed class PyJoulesTests
{
    private static readonly PyJoulesEstimator Estimator = new();

    [Fact]
    public void Stretches_are_rows_in_joules_and_parts_of_the_package_do_not_count_twice()
    {
        var rows = Estimator.Read(Handmade.Files("pyjoules")).Rows;

        Assert.Equal([("load", 650.0), ("train", 1300.0)], rows.Select(row => (row.Task!, Math.Round(row.EnergyJ!.Value, 6))));
        Assert.Equal(500, rows[0].ComponentsJ["cpu"], 6);
        Handmade.IsUnverified(rows[0].Findings);
    }

    [Fact]
    public void A_run_that_no_stretch_names_gets_their_sum_and_a_named_one_its_own()
    {
        Assert.Equal(1950, Handmade.Estimate(Estimator, 0, 30, Handmade.Files("pyjoules")).EnergyJ!.Value, 6);
        Assert.Equal(1300, Handmade.Estimate(Estimator, 10, 30, Handmade.Files("pyjoules"), "train").EnergyJ!.Value, 6);
    }
}
